import type { Command } from 'commander'
import { openProject } from '../../../lib/app/project/project.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `config`. */
export function addConfig(program: Command, end: End): void {
  program
    .command('config')
    .description('print the effective configuration and the source of each value')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showConfig } = await import('../../commands/config.ts')
      end(showConfig(await openProject(flags, { readOnly: true }), flags.json))
    })
}
