import { Cron } from 'croner'
import { isWithinHours } from './time-window.ts'
import type { HoursOfDay } from './time-window.ts'
import type { Schedule } from './schedule.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const MINUTES_AN_HOUR = 60
const MINUTES_A_DAY = 24 * MINUTES_AN_HOUR

/**
 * Maximum number of steps of a search. Each step passes over the rest of a day, and a little more
 * than a year of days shows if any due time is within the active hours.
 */
const MOST_DAYS = 400

/** Due times without jitter, in epoch ms. Pure: the same call always returns the same time. */
export interface DueTimes {
  /** Returns the first due time after an instant; null if there is none. */
  next(after: number): number | null
  /** Returns the last due time up to an instant, inclusive; null if there is none. */
  last(upTo: number): number | null
}

export type Timed = Pick<Schedule, 'timing' | 'timeZone' | 'activeHours' | 'startsAt'>

/**
 * Returns the due times of a schedule. At a change to or from daylight saving time, expressions
 * follow Vixie cron: a time that does not exist on that day (`30 2 * * *` in spring) is due at the
 * next existing time, a time that occurs twice is due once, and a repeated time (every 15 minutes)
 * follows the elapsed time.
 * @throws croner's error if the expression or the time zone is invalid.
 */
export function dueTimes({ timing, timeZone, activeHours, startsAt }: Timed): DueTimes {
  const zone = timeZone ?? machineZone()
  const all = timing.kind === 'cron' ? cronTimes(timing.expression, zone) : intervals(timing.ms, startsAt)
  return activeHours === null ? all : within(all, activeHours, zone)
}

/** Returns the time zone of this machine. */
export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** True if an instant is within the active hours of a schedule. */
export function isActive({ activeHours, timeZone }: Timed, at: number): boolean {
  return activeHours === null || isWithinHours(activeHours, minuteOfDay(at, timeZone ?? machineZone()))
}

/**
 * Returns the next start of the active hours after an instant; null if the schedule is active all
 * day.
 */
export function nextOpening({ activeHours, timeZone }: Timed, after: number): number | null {
  return activeHours === null ? null : daily(activeHours.from, timeZone ?? machineZone()).next(after)
}

function cronTimes(expression: string, timezone: string): DueTimes {
  const cron = new Cron(expression, {
    timezone,
    paused: true,
    mode: '5-or-6-parts',
    fixedTimeRule: 'no-wildcard',
  })
  return {
    next: after => cron.nextRun(new Date(after))?.getTime() ?? null,
    // The result of croner is before the reference, and not equal to it. All due times are whole
    // seconds.
    last: upTo => {
      const reference = Math.floor(upTo / SECOND_MS) * SECOND_MS + SECOND_MS
      return cron.previousRuns(1, new Date(reference))[0]?.getTime() ?? null
    },
  }
}

function intervals(everyMs: number, startsAt: number): DueTimes {
  const at = (count: number) => (count < 1 ? null : startsAt + count * everyMs)
  return {
    next: after => at(Math.max(1, Math.floor((after - startsAt) / everyMs) + 1)),
    last: upTo => at(Math.floor((upTo - startsAt) / everyMs)),
  }
}

function daily(minute: number, zone: string): DueTimes {
  return cronTimes(`${minute % MINUTES_AN_HOUR} ${Math.floor(minute / MINUTES_AN_HOUR)} * * *`, zone)
}

function within(all: DueTimes, hours: HoursOfDay, zone: string): DueTimes {
  const opens = daily(hours.from, zone)
  const closes = daily(hours.to, zone)
  const search = (first: number | null, leap: (from: number) => number | null): number | null => {
    let at = first
    for (let days = 0; at !== null && days < MOST_DAYS; days++) {
      if (isWithinHours(hours, minuteOfDay(at, zone))) return at
      at = leap(at)
    }
    return null
  }
  // If an hour occurs twice, the active hours open and close a second time in it, although croner's
  // daily time is due only once. So the distance is also measured on the wall clock.
  const opening = (at: number): number => {
    const minutes = distance(minuteOfDay(at, zone), hours.from)
    return Math.min(opens.next(at) ?? Infinity, startOfMinute(at) + minutes * MINUTE_MS)
  }
  const closing = (at: number): number => {
    const minutes = distance(hours.to, minuteOfDay(at, zone))
    return Math.max(closes.last(at) ?? -Infinity, startOfMinute(at) - minutes * MINUTE_MS)
  }
  return {
    next: after => search(all.next(after), at => all.next(opening(at) - SECOND_MS)),
    last: upTo => search(all.last(upTo), at => all.last(closing(at) - SECOND_MS)),
  }
}

const startOfMinute = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS

/**
 * Returns the number of minutes from one minute of the day to another, on the same or the next day.
 */
const distance = (from: number, to: number): number => (to - from + MINUTES_A_DAY) % MINUTES_A_DAY

const clocks = new Map<string, Intl.DateTimeFormat>()

function minuteOfDay(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    })
    clocks.set(timeZone, clock)
  }
  const parts = clock.formatToParts(at)
  const number = (type: string) => Number(parts.find(part => part.type === type)?.value)
  return number('hour') * MINUTES_AN_HOUR + number('minute')
}
