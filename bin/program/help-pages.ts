import { Help, Option } from 'commander'
import type { Command, HelpConfiguration } from 'commander'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { refuseWord } from './usage-errors.ts'

const CONSOLE_OPTIONS = 'Options of the console (the default command):'

const standard = new Help()

/**
 * Returns the layout of `--help`. It lists each option once, with its meaning for the command, and
 * shows a default only if it is informative. `unnamed` is the command that runs if no command is
 * named.
 */
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

/**
 * Returns the options of the command that runs if none is named, under a separate heading, because
 * the program accepts them too.
 */
function optionsOf(program: Command, name: string): Option[] {
  const options = program.commands.find(command => command.name() === name)?.options ?? []
  return options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, description }) => new Option(flags, description).helpGroup(CONSOLE_OPTIONS))
}

/**
 * Returns the options that a command inherits from its parents, except those that the command
 * itself defines and those that only the program has.
 */
function globalOptions(command: Command): Option[] {
  const known = new Set(['--version', ...standard.visibleOptions(command).map(({ long }) => long)])
  const above = command.parent === null ? [] : [...command.parent.options, ...globalOptions(command.parent)]
  return above.filter(({ hidden, long }) => !hidden && !known.has(long))
}

function optionDescription({ description, defaultValue, defaultValueDescription }: Option): string {
  const shownDefault = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : '')
  return shownDefault === '' ? description : `${description} (default: ${shownDefault})`
}

/**
 * Adds the command `help`, so that `help schedules add` does the same as `schedules add --help`.
 */
export function addHelpCommand(program: Command, end: (code: ExitCode) => void): void {
  for (const command of program.commands) command.helpCommand(false)
  program
    .command('help [command...]')
    .description('show the help of a command, like its --help')
    .action((words: readonly string[]) => {
      let meant = program
      for (const word of words)
        meant = meant.commands.find(command => command.name() === word) ?? refuseWord(meant, word)
      meant.outputHelp()
      end(EXIT.done)
    })
}
