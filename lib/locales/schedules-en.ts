import { pluralFor } from './plural.ts'

const plural = pluralFor('en-GB')

/** What is said of schedules. */
export const schedulesEn = {
  none: 'There are no schedules. Make one with: automate-tui schedules add <name> <workflow> --cron "0 3 * * *"',
  stopped:
    'The cron service is stopped: no schedule queues a job. Start it with: automate-tui services start cron',
  columns: {
    schedule: 'schedule',
    workflow: 'workflow',
    when: 'when',
    next: 'next',
    last: 'last',
    from: 'from',
  },
  nextColumns: { schedule: 'schedule', at: 'at', inZone: 'there' },
  source: { operator: 'operator', config: 'configuration' },
  every: (duration: string) => `every ${duration}`,
  facts: { input: 'input', overlap: 'overlap', jitter: 'jitter', catchUp: 'catch-up' },
  overlap: {
    skip: 'left out while the last one runs',
    queue: 'waits behind the last one',
    replace: 'takes the place of the last one',
  },
  paused: 'paused',
  never: 'never',
  outcome: { fired: 'queued', skipped: 'skipped', missed: 'missed' },
  fired: (job: number) => `job ${job} is queued`,
  askedFor: (job: number) => `job ${job} is queued, as asked for`,
  running: (job: number) => `left out: job ${job} still runs`,
  waiting: (job: number) => `left out: job ${job} waits already`,
  late: (due: string) => `missed: due at ${due}, and too late to catch up on`,
  inactive: (due: string) => `missed: due at ${due}, and its active hours are over`,
  before: plural({ one: '# run before it was missed', other: '# runs before it were missed' }),
  added: (name: string, next: string) => `Schedule ${name} is added. Next run: ${next}`,
  replaced: (name: string, next: string) => `Schedule ${name} is changed. Next run: ${next}`,
  removed: (name: string) => `Schedule ${name} is removed.`,
  pausedNow: (name: string) => `Schedule ${name} is paused.`,
  resumedNow: (name: string, next: string) => `Schedule ${name} goes on. Next run: ${next}`,
  cancelled: (jobs: string) => `Its jobs that had not begun are cancelled: ${jobs}.`,
}
