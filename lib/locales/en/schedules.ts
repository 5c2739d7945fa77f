import { pluralFor } from '../plural.ts'

const plural = pluralFor('en-GB')

/** Texts of schedules. */
export const schedulesWords = {
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
  nameTaken: (name: string) =>
    `Schedule "${name}" of the configuration is not used, because an operator created one with the same name. Rename it in the configuration, or remove the other one with: automate-tui schedules remove ${name}`,
  noNext: 'No run is planned: paused and ended schedules have none.',
  nextColumns: { schedule: 'schedule', at: 'at', inZone: 'in its time zone' },
  source: { operator: 'operator', config: 'configuration' },
  every: (duration: string) => `every ${duration}`,
  facts: { input: 'input', overlap: 'overlap', jitter: 'jitter', catchUp: 'catch-up' },
  overlap: {
    skip: 'skipped while the last one runs',
    queue: 'waits behind the last one',
    replace: 'replaces the last one',
  },
  /**
   * Fields of the form for a schedule: the label, the description, and in `must` the requirement
   * that an invalid value violates.
   */
  form: {
    name: {
      label: 'name',
      about: 'Its name, such as nightly-report',
      must: 'Only lower case letters, digits and "-", at most 60, starting with a letter.',
    },
    workflow: { label: 'workflow', about: 'The workflow of its jobs', must: 'This must be a workflow.' },
    cron: {
      label: 'cron',
      about: 'minute hour day month weekday: 30 3 * * 1-5. Or fill in every.',
      must: 'This is no cron expression. Example: 30 3 * * 1-5',
    },
    every: {
      label: 'every',
      about: 'Interval since the last run: 15m. Or fill in cron.',
      must: 'This must be a duration of 1s to 3650d, such as 15m.',
    },
    timeZone: {
      label: 'time zone',
      about: "Such as Europe/Rome; empty for this machine's.",
      must: 'There is no such time zone. Examples: Europe/Rome, UTC.',
    },
    activeHours: {
      label: 'active hours',
      about: 'Only within them: 08:00-20:00. 22:00-06:00 spans midnight.',
      must: 'This must be hours such as 08:00-20:00.',
    },
    jitter: {
      label: 'jitter',
      about: 'Maximum random delay of each run: 30s. Empty for none.',
      must: 'This must be a duration such as 30s.',
    },
    catchUp: {
      label: 'catch-up',
      about: 'Maximum delay of a missed run: 1h. Empty for no catch-up.',
      must: 'This must be a duration such as 1h.',
    },
    overlap: {
      label: 'overlap',
      about: 'What to do if the last run has not ended yet.',
      must: 'This must be one of the choices.',
    },
    input: {
      label: 'input',
      about: 'The input of its jobs, as JSON: {"shop": "https://example.com"}',
      must: 'This must be JSON.',
    },
  },
  problem: {
    timing: 'Fill in either cron or every.',
    sameHours: 'They must not begin when they end.',
    never: 'It would never be due.',
    neverWithinHours: 'It would never be due within its active hours.',
  },
  paused: 'paused',
  never: 'never',
  outcome: { fired: 'queued', skipped: 'skipped', missed: 'missed' },
  fired: (job: number) => `job ${job} is queued`,
  askedFor: (job: number) => `job ${job} is queued, run by hand`,
  running: (job: number) => `skipped: job ${job} is still running`,
  waiting: (job: number) => `skipped: job ${job} is already waiting`,
  late: (due: string) => `missed: due at ${due}, and too late to catch up on`,
  inactive: (due: string) => `missed: due at ${due}, and its active hours are over`,
  before: plural({ one: '# run before it was missed', other: '# runs before it were missed' }),
  added: (name: string, next: string) => `Schedule ${name} was added. Next run: ${next}`,
  replaced: (name: string, next: string) => `Schedule ${name} was changed. Next run: ${next}`,
  replacedPaused: (name: string) =>
    `Schedule ${name} was changed. It is still paused. Resume it with: automate-tui schedules resume ${name}`,
  removed: (name: string) => `Schedule ${name} was removed.`,
  pausedNow: (name: string) => `Schedule ${name} is paused.`,
  resumedNow: (name: string, next: string) => `Schedule ${name} was resumed. Next run: ${next}`,
  cancelled: (jobs: string) => `Its jobs that had not started were cancelled: ${jobs}.`,
}
