import { Help, Option } from 'commander'
import type { Command, HelpConfiguration } from 'commander'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { refuseWord } from './usage-errors.ts'

const CONSOLE_OPTIONS = 'Options of the console, which runs without a command:'

const standard = new Help()

/** How `--help` looks: each option once, by what it means for this command, and a default only where it tells something. `unnamed` runs without a command. */
export function helpPages(unnamed: string): HelpConfiguration {
  return {
    showGlobalOptions: true,
    visibleOptions: command => [
      ...standard.visibleOptions(command),
      ...(command.parent === null ? optionsOf(command, unnamed) : []),
    ],
    visibleGlobalOptions: globalOptions,
    optionDescription,
  }
}

/** The program takes them as well when no command is said, so that they stand under a heading of their own there. */
function optionsOf(program: Command, name: string): Option[] {
  const options = program.commands.find(command => command.name() === name)?.options ?? []
  return options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, description }) => new Option(flags, description).helpGroup(CONSOLE_OPTIONS))
}

/** Options of the commands above, but for what means something else here, and for what only the program itself takes. */
function globalOptions(command: Command): Option[] {
  const known = new Set(['--version', ...standard.visibleOptions(command).map(({ long }) => long)])
  const above = command.parent === null ? [] : [...command.parent.options, ...globalOptions(command.parent)]
  return above.filter(({ hidden, long }) => !hidden && !known.has(long))
}

function optionDescription({ description, defaultValue, defaultValueDescription }: Option): string {
  const shownDefault = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : '')
  return shownDefault === '' ? description : `${description} (default: ${shownDefault})`
}

/** `help schedules add` for `schedules add --help`. */
export function addHelpCommand(program: Command, end: (code: ExitCode) => void): void {
  for (const command of program.commands) command.helpCommand(false)
  program
    .command('help [command...]')
    .description('explain a command, as --help behind it does')
    .action((words: readonly string[]) => {
      let meant = program
      for (const word of words)
        meant = meant.commands.find(command => command.name() === word) ?? refuseWord(meant, word)
      meant.outputHelp()
      end(EXIT.done)
    })
}
