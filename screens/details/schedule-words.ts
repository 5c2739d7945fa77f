import { durationText } from '../../lib/core/time/duration.ts'
import { localTime } from '../../lib/core/time/local-time.ts'
import { showHours } from '../../lib/model/schedule/time-window.ts'
import type { Schedule, ScheduleRun } from '../../lib/model/schedule/schedule.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { jobStateWords } from '../../lib/app/port/attention.ts'
import type { Attention } from '../../lib/app/port/attention.ts'

type Words = Catalogue['schedules']

/** Returns when a schedule runs, as text: `0 3 * * * Europe/Rome 08:00-20:00`, `every 15m`. */
export function whenWords({ timing, timeZone, activeHours }: Schedule, words: Words): string {
  return [
    timing.kind === 'cron' ? timing.expression : words.every(durationText(timing.ms)),
    timeZone ?? '',
    activeHours === null ? '' : showHours(activeHours),
  ]
    .filter(text => text !== '')
    .join(' ')
}

/** Fields of a schedule's run, under the names that recorded runs and events have in common. */
type Run = Pick<ScheduleRun, 'outcome' | 'reason' | 'missed'> & {
  readonly job: number | null
  readonly due: number | null
}

/** Returns the outcome of a due time: `job 12 is queued`, `left out: job 11 still runs`. */
export function scheduleRunWords(run: Run, words: Words): string {
  const { missed } = run
  const text = outcomeWords(run, words)
  return missed === 0 ? text : `${text}; ${words.before(missed)}`
}

/**
 * Returns the text of the last run in the row of a schedule: the state of its job, or why there is
 * no job.
 */
export function lastRunWords(
  last: NonNullable<Schedule['last']>,
  calls: Attention,
  words: Catalogue,
): string {
  const { schedules } = words
  const { jobId, jobState: state, missed } = last
  if (last.outcome !== 'fired' || state === null || jobId === null)
    return scheduleRunWords({ ...last, job: jobId, due: last.dueAt }, schedules)
  const text = `#${jobId} ${jobStateWords({ id: jobId, state }, calls, words)}`
  return missed === 0 ? text : `${text}; ${schedules.before(missed)}`
}

function outcomeWords({ outcome, reason, job, due }: Run, words: Words): string {
  const id = job ?? 0
  switch (reason) {
    case 'running':
      return words.running(id)
    case 'waiting':
      return words.waiting(id)
    case 'late':
      return words.late(localTime(due ?? 0))
    case 'inactive':
      return words.inactive(localTime(due ?? 0))
    case null:
      if (outcome !== 'fired') return words.outcome[outcome]
      return due === null ? words.askedFor(id) : words.fired(id)
  }
}
