import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `notify` and the commands under it. */
export function addNotify(program: Command, end: End): void {
  const notify = program
    .command('notify')
    .description('list the notification channels and their state, or test them')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listChannels } = await import('../../commands/notify.ts')
      end(await listChannels(flags, flags.json))
    })
  notify
    .command('test')
    .description('send one message through each channel and print the results')
    .option('--channel <name>', 'only this channel: telegram, webhook or bell')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly channel?: string } = command.optsWithGlobals()
      // Reads the command's own `--json`, because the absent one of the parent command would hide
      // it.
      const own: { readonly json: boolean } = command.opts()
      const { testChannels } = await import('../../commands/notify.ts')
      end(await testChannels(flags, flags.channel, flags.json || own.json))
    })
}
