import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `doctor`. */
export function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .description('check this machine and this project, and print a remedy for each problem')
    .option('--fix', 'make the repairs that carry no risk', false)
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { fix: boolean } = command.optsWithGlobals()
      const { runDoctor } = await import('../../commands/doctor.ts')
      end(await runDoctor(flags, flags.fix, flags.json))
    })
}
