import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `sessions` and the commands under it. */
export function addSessions(program: Command, end: End): void {
  const sessions = program
    .command('sessions')
    .description('list the accounts with a saved login, or delete a login')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listSessions } = await import('../../commands/sessions.ts')
      end(await listSessions(flags, flags.json))
    })
  sessions
    .command('forget <account>')
    .description('delete the saved login of an account; its next job logs in again')
    .option('--site <site>', 'only the login for this site')
    .option('--json', 'print JSON', false)
    .action(async (account: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly site?: string } = command.optsWithGlobals()
      const { forgetSession } = await import('../../commands/sessions.ts')
      end(await forgetSession(flags, account, flags.site, flags.json))
    })
}
