import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `proxies` and the commands under it. */
export function addProxies(program: Command, end: End): void {
  const proxies = program
    .command('proxies')
    .description('list the proxies and their state, or test them')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listProxies } = await import('../../commands/proxies.ts')
      end(await listProxies(flags, flags.json))
    })
  proxies
    .command('test')
    .description('send a real request through each proxy')
    .option('--url <address>', 'address to request; an https address is requested through a tunnel')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly url?: string } = command.optsWithGlobals()
      // Reads the command's own `--json`, because the one of the parent command would hide it.
      const own: Pick<CommandFlags, 'json'> = command.opts()
      const { testProxies } = await import('../../commands/proxies.ts')
      end(await testProxies(flags, flags.url, flags.json || own.json))
    })
}
