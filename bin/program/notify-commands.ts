import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'

type Flags = ProjectFlags & { readonly json: boolean }

/** Commands about whom the project tells. */
export function addNotifyCommands(program: Command, end: (code: ExitCode) => void): void {
  const notify = program
    .command('notify')
    .description('how the channels do that failures are told on, or test them')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals()
      const { listChannels } = await import('../commands/notify.ts')
      end(await listChannels(flags, flags.json))
    })
  notify
    .command('test')
    .description('send one message on each channel, and say what came back')
    .option('--channel <name>', 'only on this one: telegram, webhook or bell')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: Flags & { readonly channel?: string } = command.optsWithGlobals()
      // The same word of the command above it, which was not said there, hides it.
      const own: { readonly json: boolean } = command.opts()
      const { testChannels } = await import('../commands/notify.ts')
      end(await testChannels(flags, flags.channel, flags.json || own.json))
    })
}
