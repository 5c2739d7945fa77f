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
    `Schedule "${name}" of the configuration is not used, because an operator has made one of that name. Rename it in the configuration, or remove the other one with: automate-tui schedules remove ${name}`,
  noNext: 'No run is ahead: what is paused, or over, has none.',
  nextColumns: { schedule: 'schedule', at: 'at', inZone: 'in its time zone' },
  source: { operator: 'operator', config: 'configuration' },
  every: (duration: string) => `every ${duration}`,
  facts: { input: 'input', overlap: 'overlap', jitter: 'jitter', catchUp: 'catch-up' },
  overlap: {
    skip: 'left out while the last one runs',
    queue: 'waits behind the last one',
    replace: 'takes the place of the last one',
  },
  /**
   * Fields of the form: the label, the description, and the requirement if the value is invalid.
   */
  form: {
    name: {
      label: 'name',
      about: 'How it is called: nightly-report',
      must: 'This must be lower case letters, digits and "-", at most 60, a letter first.',
    },
    workflow: { label: 'workflow', about: 'What its jobs run', must: 'This must be a workflow.' },
    cron: {
      label: 'cron',
      about: 'minute hour day month weekday: 30 3 * * 1-5. Or fill in every.',
      must: 'This is no cron expression. One is: 30 3 * * 1-5',
    },
    every: {
      label: 'every',
      about: 'So long after the last time: 15m. Or fill in cron.',
      must: 'This must be a duration of 1s or more, such as 15m.',
    },
    timeZone: {
      label: 'time zone',
      about: "Such as Europe/Rome; empty for this machine's.",
      must: 'There is no such time zone. There are names such as Europe/Rome and UTC.',
    },
    activeHours: {
      label: 'active hours',
      about: 'Only within them: 08:00-20:00. 22:00-06:00 goes over midnight.',
      must: 'This must be hours such as 08:00-20:00.',
    },
    jitter: {
      label: 'jitter',
      about: 'Each run begins up to so much later: 30s. Empty for none.',
      must: 'This must be a duration such as 30s.',
    },
    catchUp: {
      label: 'catch-up',
      about: 'How late a run may still begin that could not in time. Empty for never.',
      must: 'This must be a duration such as 1h.',
    },
    overlap: {
      label: 'overlap',
      about: 'What becomes of a run that is due while the last one has not ended.',
      must: 'This must be one of the choices.',
    },
    input: {
      label: 'input',
      about: 'What its jobs are given, as JSON: {"shop": "https://example.com"}',
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
