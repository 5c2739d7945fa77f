import { isWithinHours } from '../../../model/schedule/time-window.ts'
import type { HoursOfDay } from '../../../model/schedule/time-window.ts'

const MINUTES_AN_HOUR = 60

/** When the quiet hours end that `now` is in; null outside of them. By the local clock: on a day when it is moved they last as the clock shows. */
export function quietUntil(hours: HoursOfDay | null, now: number): number | null {
  if (hours === null || hours.from === hours.to) return null
  const date = new Date(now)
  const minute = date.getHours() * MINUTES_AN_HOUR + date.getMinutes()
  const overnight = hours.from > hours.to
  if (!isWithinHours(hours, minute)) return null
  const days = overnight && minute >= hours.from ? 1 : 0
  const end = new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 0, hours.to)
  return end.getTime()
}
