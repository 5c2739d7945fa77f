import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `autostart` and the commands under it. */
export function addAutostart(program: Command, end: End): void {
  const autostart = program
    .command('autostart')
    .description('start the scheduler with this machine, by a systemd user unit or a Windows task')
  const command = (name: string, description: string) =>
    autostart.command(name).description(description).option('--json', 'print JSON', false)
  command('enable', 'install the scheduler as a service of this machine, and start it')
    .option('--print', 'print the unit or task, and change nothing', false)
    .action(async (own: { print: boolean }, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { enableAutostart } = await import('../../commands/autostart.ts')
      end(await enableAutostart(flags, own.print, flags.json))
    })
  command('disable', 'stop the service and remove it').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { disableAutostart } = await import('../../commands/autostart.ts')
    end(await disableAutostart(flags, flags.json))
  })
  command('status', 'show whether the service is installed, and its state').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showAutostart } = await import('../../commands/autostart.ts')
      end(await showAutostart(flags, flags.json))
    },
  )
}
