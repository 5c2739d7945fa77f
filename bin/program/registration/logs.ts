import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `logs`. */
export function addLogs(program: Command, end: End): void {
  program
    .command('logs')
    .description("show today's log lines")
    .option('--json', 'print JSON', false)
    .option('-f, --follow', 'follow: print new lines as they arrive', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { follow: boolean } = command.optsWithGlobals()
      const { showLogs } = await import('../../commands/logs.ts')
      end(await showLogs(flags, flags.follow, flags.json))
    })
}
