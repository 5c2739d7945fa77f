import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `status`. */
export function addStatus(program: Command, end: End): void {
  program
    .command('status')
    .description('show the scheduler, its workers and problems that need a person')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showStatus } = await import('../../commands/status.ts')
      end(await showStatus(flags, flags.json))
    })
}
