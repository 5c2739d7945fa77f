import type { Command } from 'commander'
import type { AddFlags } from '../../commands/schedules.ts'
import type { ProjectFlags } from '../../../lib/app/project/project.ts'
import { inputOptions } from './input-options.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Adds the commands for schedules. */
export function addSchedules(program: Command, end: End): void {
  const schedules = program
    .command('schedules')
    .description('jobs that are queued again and again: list, add, remove, pause, resume, run now, next runs')
    .option('--json', 'print JSON', false)
    .action(async (_own: unknown, command: Command) => {
      const { listSchedules } = await import('../../commands/schedules.ts')
      end(await listSchedules(...flagsOf(command)))
    })
  const command = (usage: string, description: string): Command =>
    schedules.command(usage).description(description).option('--json', 'print JSON', false)

  command('list', 'list them, with their next run and what became of the last').action(
    async (_own: unknown, command: Command) => {
      const { listSchedules } = await import('../../commands/schedules.ts')
      end(await listSchedules(...flagsOf(command)))
    },
  )
  const add = command('add <name> <workflow>', 'make a schedule: --cron "0 3 * * *", or --every 15m')
    .option('--cron <expression>', 'minute hour day month weekday; with seconds in front if there are six')
    .option('--every <duration>', 'so long after the last time, such as 15m')
    .option(
      '--time-zone <name>',
      "of the expression and the active hours, such as Europe/Rome; without it the machine's",
    )
    .option(
      '--active <hours>',
      'only within these hours, such as 08:00-20:00; 22:00-06:00 goes over midnight',
    )
    .option('--jitter <duration>', 'begin up to so much later, so that not everything begins at once')
    .option('--catch-up <duration>', 'how late a run may still begin that could not in time; 0 for none (1h)')
    .option(
      '--overlap <rule>',
      'while its last job has not ended: skip (the default), queue one, or replace it',
    )
  inputOptions(add)
    .option('--workers <n>', 'how many workers its jobs get')
    .option('--priority <n>', 'from -100 to 100; higher goes first')
    .option('--replace', 'put it in the place of the one of its name', false)
    .action(async (name: string, workflow: string, own: AddFlags, command: Command) => {
      const { addSchedule } = await import('../../commands/schedules.ts')
      const [flags, json] = flagsOf(command)
      // `--workers` after the command is the number of the workers of its jobs.
      const above: { workers?: string } = program.opts()
      end(await addSchedule({ ...flags, workers: above.workers }, { name, workflow }, own, json))
    })
  command('remove <name>', 'take a schedule away; its jobs that have not begun are cancelled').action(
    async (name: string, _own: unknown, command: Command) => {
      const { removeSchedule } = await import('../../commands/schedules.ts')
      end(await removeSchedule(...flagsOf(command), name))
    },
  )
  for (const verb of ['pause', 'resume'] as const) {
    command(
      `${verb} <name>`,
      verb === 'pause'
        ? 'let a schedule queue nothing for now; its jobs that have not begun are cancelled'
        : 'let a schedule go on from now',
    ).action(async (name: string, _own: unknown, command: Command) => {
      const { pauseSchedule } = await import('../../commands/schedules.ts')
      end(await pauseSchedule(...flagsOf(command), name, verb === 'pause'))
    })
  }
  command('run <name>', 'queue its job now; it waits behind one that runs').action(
    async (name: string, _own: unknown, command: Command) => {
      const { runSchedule } = await import('../../commands/schedules.ts')
      end(await runSchedule(...flagsOf(command), name))
    },
  )
  command('next [name]', 'when the next runs begin, in local time')
    .option('--count <n>', 'so many of each', '5')
    .action(async (name: string | undefined, own: { count: string }, command: Command) => {
      const { nextOfSchedules } = await import('../../commands/schedules.ts')
      end(await nextOfSchedules(...flagsOf(command), name, own.count))
    })
}

/** Returns the flags of a command. `--json` may be before or after the last word. */
function flagsOf(command: Command): [flags: ProjectFlags, json: boolean] {
  const flags: CommandFlags = command.optsWithGlobals()
  const own: { json: boolean } = command.opts()
  return [flags, flags.json || own.json]
}
