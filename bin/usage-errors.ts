import { Command, CommanderError, Option } from 'commander'
import { commandsOf } from './examples.ts'

/**
 * Lets every wrong command line be told like any other error, in one line: what is wrong with it, what was likely meant, and where to look. `unnamed` runs
 * without a command.
 */
export function tellUsageErrors(program: Command, unnamed: string): void {
  for (const [path, command] of commandsOf(program)) {
    command.configureOutput({
      outputError: (text, write) => {
        write(
          `automate-tui: ${sentence(suggesting(text, command))} ${pointer(path === unnamed ? '' : path)}\n`,
        )
      },
    })
  }
  refuseUnknownCommands(program, unnamed)
}

/** Ends as commander does for a word that is none of the commands under this one: with the one that was likely meant. */
export function refuseWord(command: Command, word: string): never {
  const onlyNames = new Command().copyInheritedSettings(command)
  for (const each of command.createHelp().visibleCommands(command)) onlyNames.command(each.name())
  onlyNames.parse([word], { from: 'user' })
  return command.error(`error: unknown command '${word}'`)
}

/** A word that is no command reaches the command that runs without one, or the command that has others under it, as an argument too many. */
function refuseUnknownCommands(program: Command, unnamed: string): void {
  const takers = program.commands.filter(command => command.name() === unnamed || command.commands.length > 0)
  for (const command of takers) command.allowExcessArguments()
  program.hook('preAction', (_program, command) => {
    const [word] = command.args
    if (word === undefined || !takers.includes(command)) return
    if (command.name() !== unnamed) refuseWord(command, word)
    if (program.args[0] !== unnamed) refuseWord(program, word)
    command.error(`error: too many arguments for '${unnamed}', which takes none: ${command.args.join(', ')}`)
  })
}

/** Of an unknown option: commander suggests only those that the help shows with the command, and the program's count behind every command. */
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

/** `error: unknown command 'x'\n(Did you mean y?)` → `Unknown command 'x'. Did you mean y?` */
function sentence(text: string): string {
  const [what = '', hint = ''] = text.replace(/^error: /, '').split('\n')
  const said = `${what.charAt(0).toUpperCase()}${what.slice(1)}`
  const whole = /[.?]$/.test(said) ? said : `${said}.`
  return hint === '' ? whole : `${whole} ${hint.replace(/^\((.*)\)$/, '$1')}`
}

function pointer(path: string): string {
  return path === ''
    ? '"automate-tui --help" lists the commands and options.'
    : `"automate-tui ${path} --help" explains it.`
}
