import type { Schedule } from '../../../lib/model/schedule/schedule.ts'
import { ScheduleRequest } from '../../../lib/model/schedule/schedule-request.ts'

/**
 * A schedule as a person says it, whose due times up to `since` are done with. It has the name
 * `nightly` and the workflow `fixture`.
 */
export function schedule(said: Partial<ScheduleRequest>, since = 0): Schedule {
  return {
    ...ScheduleRequest.parse({ name: 'nightly', workflow: 'fixture', ...said }),
    source: 'operator',
    paused: false,
    revision: 0,
    startsAt: since,
    consideredAt: since,
    last: null,
  }
}

/** `'2027-03-28 01:30'` is in UTC. */
export const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`)
