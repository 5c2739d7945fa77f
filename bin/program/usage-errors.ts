import { Command, CommanderError, Option } from 'commander'
import { redactKnown, secretsOfEnvironment } from '../../lib/core/text/redact.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { commandsOf } from './examples.ts'

/** Commands of earlier versions with their present names, the longest first. */
const RENAMED: readonly (readonly [old: string, present: string])[] = [
  ['service install', 'autostart enable'],
  ['service uninstall', 'autostart disable'],
  ['service status', 'autostart status'],
  ['service', 'autostart'],
  ['after', 'depend'],
]

/**
 * Prints every usage error like any other error, in one line: the problem, the likely intention,
 * and the help to read. `unnamed` is the command that runs without a name.
 */
export function printUsageErrors(program: Command, unnamed: string): void {
  for (const [path, command] of commandsOf(program)) {
    command.configureOutput({
      outputError: (text, write) => {
        // An option of a renamed command reaches the command without a name, too.
        const why = (path === unnamed ? renamed(command.args) : undefined) ?? suggesting(text, command)
        write(`automate-tui: ${sentence(harmless(why))} ${pointer(path === unnamed ? '' : path)}\n`)
      },
    })
  }
  refuseUnknownCommands(program, unnamed)
}

/** Returns the error for words that name a command of an earlier version. */
function renamed(words: readonly string[]): string | undefined {
  const line = words.join(' ')
  const [old, present] = RENAMED.find(([old]) => line === old || line.startsWith(`${old} `)) ?? []
  return old === undefined ? undefined : `error: "${old}" is now "${present}".`
}

/**
 * Ends as commander does for a word that is no command under this command: with the likely intended
 * command.
 */
export function refuseWord(command: Command, word: string): never {
  const onlyNames = new Command().copyInheritedSettings(command)
  for (const each of command.createHelp().visibleCommands(command)) onlyNames.command(each.name())
  onlyNames.parse([word], { from: 'user' })
  return command.error(`error: unknown command '${word}'`)
}

/**
 * Refuses unknown commands. A word that is no command reaches the command without a name, or a
 * command with others under it, as an excess argument.
 */
function refuseUnknownCommands(program: Command, unnamed: string): void {
  const takers = program.commands.filter(command => command.name() === unnamed || command.commands.length > 0)
  for (const command of takers) command.allowExcessArguments()
  program.hook('preAction', (_program, command) => {
    const [word] = command.args
    if (word === undefined || !takers.includes(command)) return
    const present = command.name() === unnamed ? renamed(command.args) : undefined
    if (present !== undefined) command.error(present)
    if (command.name() !== unnamed) refuseWord(command, word)
    if (program.args[0] !== unnamed) refuseWord(program, word)
    command.error(`error: too many arguments for '${unnamed}', which takes none: ${command.args.join(', ')}`)
  })
}

/**
 * Returns the error of an unknown option with a suggestion from all options. commander suggests
 * only the options that the help shows with the command, which lack the program's own.
 */
function suggesting(text: string, command: Command): string {
  const [, flag] = /^error: unknown option '([^']+)'\n?$/.exec(text) ?? []
  if (flag === undefined) return text
  const allOptions = new Command().exitOverride().configureOutput({ outputError: () => undefined })
  for (let at: Command | null = command; at !== null; at = at.parent)
    for (const { flags, long } of at.options)
      if (!allOptions.options.some(one => one.long === long)) allOptions.addOption(new Option(flags))
  try {
    allOptions.parse([flag], { from: 'user' })
    return text
  } catch (error) {
    return error instanceof CommanderError ? error.message : text
  }
}

/**
 * Matches a message and the hint that commander appends. A word of the command line can contain
 * line ends itself.
 */
const HINT = /^(.*?)(?:\n\((Did you mean [^\n]*)\))?\n?$/s

/**
 * Returns a message in one line, without control characters and secrets, because the message quotes
 * words that a script takes from pages and variables. Its hint contains only commands and options.
 */
function harmless(text: string): { readonly what: string; readonly hint: string } {
  knownSecrets.add(secretsOfEnvironment(process.env))
  const [, what = text, hint = ''] = HINT.exec(text) ?? []
  return { what: sanitiseLine(redactKnown(what)), hint: sanitiseLine(redactKnown(hint)) }
}

/**
 * Turns `error: unknown command 'x'` with the hint `Did you mean y?` into `Unknown command 'x'. Did
 * you mean y?`
 */
function sentence({ what, hint }: { readonly what: string; readonly hint: string }): string {
  const problem = what.replace(/^error: /, '')
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`
  const complete = /[.?]$/.test(sentence) ? sentence : `${sentence}.`
  return hint === '' ? complete : `${complete} ${hint}`
}

function pointer(path: string): string {
  return path === ''
    ? '"automate-tui --help" lists the commands and options.'
    : `"automate-tui ${path} --help" explains it.`
}
