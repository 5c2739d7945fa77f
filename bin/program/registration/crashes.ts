import type { Command } from 'commander'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `crashes`. */
export function addCrashes(program: Command, end: End): void {
  program
    .command('crashes [crash]')
    .description('list the crash reports, or show one')
    .option('--json', 'print JSON', false)
    .option('--limit <n>', 'maximum number of reports, the newest first (default: 200)')
    .option(
      '--bundle [file]',
      'write the report with its logs and picture as a zip without secrets, for sharing',
    )
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { bundle?: string | true; limit?: string } = command.optsWithGlobals()
      if (flags.bundle !== undefined) {
        if (id === undefined)
          throw new AutomateError(
            'usage',
            '--bundle needs the number of a crash before it, such as "crashes 3 --bundle".',
          )
        const { writeBundle } = await import('../../commands/crash-bundle.ts')
        const file = flags.bundle === true ? undefined : flags.bundle
        end(await writeBundle(flags, id, file, flags.json))
        return
      }
      const { listCrashes, showCrash } = await import('../../commands/crashes.ts')
      end(await (id === undefined ? listCrashes(flags, flags.json) : showCrash(flags, id, flags.json)))
    })
}
