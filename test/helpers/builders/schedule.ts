import type { Schedule } from '../../../lib/model/schedule/schedule.ts'
import { ScheduleRequest } from '../../../lib/model/schedule/schedule-request.ts'

/**
 * Returns a schedule for the given request. By default, its name is `nightly` and its workflow
 * `fixture`. Its due times up to `since` are done.
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

/** Returns the epoch ms of a text such as `'2027-03-28 01:30'` in UTC. */
export const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`)
