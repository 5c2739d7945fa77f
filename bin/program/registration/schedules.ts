import type { Command } from 'commander'
import type { AddFlags } from '../../commands/schedules.ts'
import type { ProjectFlags } from '../../../lib/app/project/project.ts'
import { inputOptions } from './input-options.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers `schedules` and the commands under it. */
export function addSchedules(program: Command, end: End): void {
  const schedules = program
    .command('schedules')
    .description('list and change schedules, which queue jobs at set times')
    .option('--json', 'print JSON', false)
    .action(async (_own: unknown, command: Command) => {
      const { listSchedules } = await import('../../commands/schedules.ts')
      end(await listSchedules(...flagsOf(command)))
    })
  const command = (usage: string, description: string): Command =>
    schedules.command(usage).description(description).option('--json', 'print JSON', false)

  command('list', 'list the schedules, with their next run and the state of the last run').action(
    async (_own: unknown, command: Command) => {
      const { listSchedules } = await import('../../commands/schedules.ts')
      end(await listSchedules(...flagsOf(command)))
    },
  )
  const add = command('add <name> <workflow>', 'add a schedule with --cron "0 3 * * *" or --every 15m')
    .option('--cron <expression>', 'minute hour day month weekday; a sixth field in front is the second')
    .option('--every <duration>', 'time between two runs, such as 15m')
    .option(
      '--time-zone <name>',
      "time zone of the expression and the active hours, such as Europe/Rome (default: the machine's)",
    )
    .option(
      '--active <hours>',
      'run only within these hours, such as 08:00-20:00; 22:00-06:00 spans midnight',
    )
    .option(
      '--jitter <duration>',
      'start each run up to this much later, so that runs do not start all at once',
    )
    .option('--catch-up <duration>', 'how late a missed run may still start; 0 for never (default: 1h)')
    .option(
      '--overlap <rule>',
      'if the last job has not ended: "skip" the run (the default), "queue" one, or "replace" the job',
    )
  inputOptions(add)
    .option('--workers <n>', 'number of workers for each job')
    .option('--priority <n>', 'priority of each job, from -100 to 100; higher runs first')
    .option('--replace', 'replace the schedule of this name', false)
    .action(async (name: string, workflow: string, own: AddFlags, command: Command) => {
      const { addSchedule } = await import('../../commands/schedules.ts')
      const [flags, json] = flagsOf(command)
      // `--workers` after the command's name is the number of workers of each job. Before the name
      // it is the maximum number of workers in the project.
      const above: { workers?: string } = program.opts()
      end(await addSchedule({ ...flags, workers: above.workers }, { name, workflow }, own, json))
    })
  command('remove <name>', 'remove a schedule and cancel its jobs that have not started').action(
    async (name: string, _own: unknown, command: Command) => {
      const { removeSchedule } = await import('../../commands/schedules.ts')
      end(await removeSchedule(...flagsOf(command), name))
    },
  )
  for (const verb of ['pause', 'resume'] as const) {
    command(
      `${verb} <name>`,
      verb === 'pause'
        ? 'pause a schedule and cancel its jobs that have not started'
        : 'resume a schedule from now on',
    ).action(async (name: string, _own: unknown, command: Command) => {
      const { pauseSchedule } = await import('../../commands/schedules.ts')
      end(await pauseSchedule(...flagsOf(command), name, verb === 'pause'))
    })
  }
  command('run <name>', 'queue a job of the schedule now; it waits for a running one').action(
    async (name: string, _own: unknown, command: Command) => {
      const { runSchedule } = await import('../../commands/schedules.ts')
      end(await runSchedule(...flagsOf(command), name))
    },
  )
  command('next [name]', 'print the start times of the next runs, in local time')
    .option('--count <n>', 'number of runs for each schedule', '5')
    .action(async (name: string | undefined, own: { count: string }, command: Command) => {
      const { nextOfSchedules } = await import('../../commands/schedules.ts')
      end(await nextOfSchedules(...flagsOf(command), name, own.count))
    })
}

/**
 * Returns the flags of a command, and whether `--json` is set, before or after the name of the
 * command under `schedules`.
 */
function flagsOf(command: Command): [flags: ProjectFlags, json: boolean] {
  const flags: CommandFlags = command.optsWithGlobals()
  const own: { json: boolean } = command.opts()
  return [flags, flags.json || own.json]
}
