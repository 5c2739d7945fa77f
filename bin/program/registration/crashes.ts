import type { Command } from 'commander'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `crashes`. */
export function addCrashes(program: Command, end: End): void {
  program
    .command('crashes [crash]')
    .description('list crash reports, or show one')
    .option('--json', 'print JSON', false)
    .option('--limit <n>', 'how many at most, the newest first (default: 200)')
    .option('--bundle [file]', 'write it with its logs and picture as a zip without secrets, to hand on')
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { bundle?: string | true; limit?: string } = command.optsWithGlobals()
      if (flags.bundle !== undefined) {
        if (id === undefined)
          throw new AutomateError('usage', '--bundle takes the number of a crash before it.')
        const { writeBundle } = await import('../../commands/crash-bundle.ts')
        const file = flags.bundle === true ? undefined : flags.bundle
        end(await writeBundle(flags, id, file, flags.json))
        return
      }
      const { listCrashes, showCrash } = await import('../../commands/crashes.ts')
      end(await (id === undefined ? listCrashes(flags, flags.json) : showCrash(flags, id, flags.json)))
    })
}
