import { z } from 'zod'

const MINUTES_AN_HOUR = 60
const Minute = z.int().min(0).max(1_439)

/**
 * Hours of a day, in minutes since midnight. If `from` is later than `to`, the hours include
 * midnight. The minute `to` is excluded.
 */
export const HoursOfDay = z.object({ from: Minute, to: Minute })
export type HoursOfDay = z.infer<typeof HoursOfDay>

/**
 * Returns a schema that parses hours as people write them, `22:00-07:00`. `must` is the message for
 * any other text.
 */
export const hoursText = (must: string) =>
  z.string(must).transform((text, context): HoursOfDay => {
    const [, ...parts] =
      /^([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? []
    const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number)
    if (
      fromHour === undefined ||
      fromMinute === undefined ||
      toHour === undefined ||
      toMinute === undefined
    ) {
      context.addIssue({ code: 'custom', message: must })
      return z.NEVER
    }
    return { from: fromHour * MINUTES_AN_HOUR + fromMinute, to: toHour * MINUTES_AN_HOUR + toMinute }
  })

/** Formats hours as `22:00-07:00`. */
export function showHours({ from, to }: HoursOfDay): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const time = (minute: number) =>
    `${two(Math.floor(minute / MINUTES_AN_HOUR))}:${two(minute % MINUTES_AN_HOUR)}`
  return `${time(from)}-${time(to)}`
}

/** True if a minute of the day is within the hours. */
export function isWithinHours({ from, to }: HoursOfDay, minute: number): boolean {
  return from > to ? minute >= from || minute < to : minute >= from && minute < to
}
