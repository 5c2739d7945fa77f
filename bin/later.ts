import type { Command } from 'commander'
import { AutomateError } from '../lib/core/errors.ts'

/** Commands of the contract whose part of the program does not exist yet. They say so, and end like wrong usage. */
const LATER = [
  [
    'init [folder]',
    'make a new project',
    'Make a folder with an automate.config.ts and a folder workflows/ by hand for now',
  ],
] as const

export function addLaterCommands(program: Command): void {
  for (const [name, description, instead] of LATER) {
    program
      .command(name)
      .description(`${description} (not there yet)`)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new AutomateError('usage', `"${name.split(' ')[0] ?? name}" is not there yet. ${instead}.`)
      })
  }
}
