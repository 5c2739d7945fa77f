import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `services` and the commands under it. */
export function addServices(program: Command, end: End): void {
  const services = program
    .command('services')
    .description('list the services, or start, stop or restart one')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showServices } = await import('../../commands/services.ts')
      end(await showServices(flags, flags.json))
    })
  for (const wish of ['start', 'stop', 'restart'] as const) {
    services
      .command(`${wish} <service>`)
      .description(`${wish} a service`)
      .option('--json', 'print JSON', false)
      .action(async (name: string, _flags: unknown, command: Command) => {
        const flags: CommandFlags = command.optsWithGlobals()
        const own: { json: boolean } = command.opts()
        const { controlService } = await import('../../commands/services.ts')
        end(await controlService(flags, wish, name, flags.json || own.json))
      })
  }
}
