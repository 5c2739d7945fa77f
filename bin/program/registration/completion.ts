import { Argument, Option } from 'commander'
import type { Command } from 'commander'
import { sanitiseLine } from '../../../lib/core/text/sanitise.ts'
import { SCRIPTS, SHELLS } from '../../completion/shells.ts'
import type { Shell } from '../../completion/shells.ts'
import type { Names } from '../../completion/candidates.ts'
import { EXIT } from '../../exit-code.ts'
import type { ProjectFlags } from '../../../lib/app/project/project.ts'
import type { End } from './command-flags.ts'

/** Registers the commands for the completion of command lines in shells. */
export function addCompletion(program: Command, end: End): void {
  program
    .command('completion')
    .description('print the completion script of a shell, for commands, options, workflows and services')
    .addArgument(new Argument('<shell>', 'which').choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell])
      end(EXIT.done)
    })
  program
    .command('complete', { hidden: true })
    .description('print the candidates for the next word of a command line, one per line; shells run this')
    .argument('[words...]')
    .addOption(new Option('--current <text>', 'the beginning of the next word').default(''))
    .action(async (words: readonly string[], own: { current: string }, command: Command) => {
      const { candidates } = await import('../../completion/candidates.ts')
      const { hasNames, projectNames } = await import('../../completion/project-names.ts')
      const { root }: ProjectFlags = command.optsWithGlobals()
      const find = (names: Names) => candidates(program, words, own.current, names)
      const asked: string[] = []
      const commands = find(placeholder => {
        asked.push(placeholder)
        return []
      })
      // On Windows, checking whether the project is trusted takes half a second, so it is done only
      // if a project name is to be completed.
      const found = asked.some(hasNames)
        ? find(await projectNames(root ?? process.cwd(), root !== undefined))
        : commands
      process.stdout.write(
        found.map(({ value, about }) => `${sanitiseLine(value)}\t${sanitiseLine(about)}\n`).join(''),
      )
      end(EXIT.done)
    })
}
