import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `report`. */
export function addReport(program: Command, end: End): void {
  program
    .command('report <job>')
    .description('write an HTML report of a job: its attempts, phases, steps and failures')
    .option('--json', 'print JSON', false)
    .option('--output <file>', 'file for the report (default: a file in data/reports)')
    .action(async (job: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { output?: string } = command.optsWithGlobals()
      const { writeReport } = await import('../../commands/report.ts')
      end(await writeReport(flags, job, flags.output, flags.json))
    })
}
