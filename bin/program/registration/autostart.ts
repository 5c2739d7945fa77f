import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `autostart` and the commands under it. */
export function addAutostart(program: Command, end: End): void {
  const autostart = program
    .command('autostart')
    .description('let this machine start the scheduler by itself: a systemd user unit, or a Windows task')
  const command = (name: string, description: string) =>
    autostart.command(name).description(description).option('--json', 'print JSON', false)
  command('enable', 'make it a service of this machine, and start it')
    .option('--print', 'print what the system would be told, and change nothing', false)
    .action(async (own: { print: boolean }, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { enableAutostart } = await import('../../commands/autostart.ts')
      end(await enableAutostart(flags, own.print, flags.json))
    })
  command('disable', 'stop it, and remove it again').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { disableAutostart } = await import('../../commands/autostart.ts')
    end(await disableAutostart(flags, flags.json))
  })
  command('status', 'whether it is one, and how it does').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { showAutostart } = await import('../../commands/autostart.ts')
    end(await showAutostart(flags, flags.json))
  })
}
