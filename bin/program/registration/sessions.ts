import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `sessions` and the commands under it. */
export function addSessions(program: Command, end: End): void {
  const sessions = program
    .command('sessions')
    .description('list the accounts whose logins are saved, or forget one')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listSessions } = await import('../../commands/sessions.ts')
      end(await listSessions(flags, flags.json))
    })
  sessions
    .command('forget <account>')
    .description('forget the saved login of an account: its next job logs in anew')
    .option('--site <site>', 'at this site only')
    .option('--json', 'print JSON', false)
    .action(async (account: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly site?: string } = command.optsWithGlobals()
      const { forgetSession } = await import('../../commands/sessions.ts')
      end(await forgetSession(flags, account, flags.site, flags.json))
    })
}
