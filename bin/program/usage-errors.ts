import { Command, CommanderError, Option } from 'commander'
import { redactKnown, secretsOfEnvironment } from '../../lib/core/text/redact.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { commandsOf } from './examples.ts'

/** Old names of commands with their current names, longest first. */
const RENAMED: readonly (readonly [old: string, present: string])[] = [
  ['service install', 'autostart enable'],
  ['service uninstall', 'autostart disable'],
  ['service status', 'autostart status'],
  ['service', 'autostart'],
  ['after', 'depend'],
]

/**
 * Makes commander print each usage error in one line, as all other errors are printed: the problem,
 * the command or option that was probably meant, and the help to read. `unnamed` is the command
 * that runs if none is named.
 */
export function printUsageErrors(program: Command, unnamed: string): void {
  for (const [path, command] of commandsOf(program)) {
    command.configureOutput({
      outputError: (text, write) => {
        // If the command was renamed, its options are parsed by the command that runs if none is
        // named.
        const why = (path === unnamed ? renamed(command.args) : undefined) ?? suggesting(text, command)
        write(`automate-tui: ${sentence(harmless(why))} ${pointer(path === unnamed ? '' : path)}\n`)
      },
    })
  }
  refuseUnknownCommands(program, unnamed)
}

/**
 * Returns the error message if the words begin with the old name of a command; undefined otherwise.
 */
function renamed(words: readonly string[]): string | undefined {
  const line = words.join(' ')
  const [old, present] = RENAMED.find(([old]) => line === old || line.startsWith(`${old} `)) ?? []
  return old === undefined ? undefined : `error: "${old}" is now "${present}".`
}

/**
 * Ends with commander's error for a word that is not a command under `command`, with the command
 * that was probably meant.
 */
export function refuseWord(command: Command, word: string): never {
  const onlyNames = new Command().copyInheritedSettings(command)
  for (const each of command.createHelp().visibleCommands(command)) onlyNames.command(each.name())
  onlyNames.parse([word], { from: 'user' })
  return command.error(`error: unknown command '${word}'`)
}

/**
 * Refuses unknown commands. commander passes a word that is not a command, as an excess argument,
 * to the command that runs if none is named, or to the command that has subcommands.
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
 * Returns the error for an unknown option with a suggestion from all valid options. commander
 * suggests only the options that the help of the command shows, and these do not include the
 * options of the program. Returns any other error unchanged.
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
 * Matches a message, and the hint that commander appends on a new line. The message may contain
 * newlines, because it quotes words of the command line.
 */
const HINT = /^(.*?)(?:\n\((Did you mean [^\n]*)\))?\n?$/s

/**
 * Splits an error into its message and its hint. Both are put on one line, without control
 * characters and secrets, because the message quotes words that a script may have taken from a page
 * or from a variable.
 */
function harmless(text: string): { readonly what: string; readonly hint: string } {
  knownSecrets.add(secretsOfEnvironment(process.env))
  const [, what = text, hint = ''] = HINT.exec(text) ?? []
  return { what: sanitiseLine(redactKnown(what)), hint: sanitiseLine(redactKnown(hint)) }
}

/**
 * Turns `error: unknown command 'x'` and the hint `Did you mean y?` into `Unknown command 'x'. Did
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
