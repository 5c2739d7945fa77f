import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import type { ProjectFlags } from './project.ts'

type Flags = ProjectFlags & { readonly json: boolean }

/** Commands about the people of a project: whose logins it has saved. */
export function addPeopleCommands(program: Command, end: (code: ExitCode) => void): void {
  const sessions = program
    .command('sessions')
    .description('list the accounts whose logins are saved, or forget one')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals()
      const { listSessions } = await import('./commands/sessions.ts')
      end(await listSessions(flags, flags.json))
    })
  sessions
    .command('forget <account>')
    .description('forget the saved login of an account: its next job logs in anew')
    .option('--site <site>', 'at this site only')
    .option('--json', 'print JSON', false)
    .action(async (account: string, _flags: unknown, command: Command) => {
      const flags: Flags & { readonly site?: string } = command.optsWithGlobals()
      const { forgetSession } = await import('./commands/sessions.ts')
      end(await forgetSession(flags, account, flags.site, flags.json))
    })
}
