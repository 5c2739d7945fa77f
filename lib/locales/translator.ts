import { lazy } from '../core/lazy.ts'
import { en } from './en.ts'
import type { Catalogue } from './en.ts'
import { it } from './it.ts'
import type { Language } from './language.ts'

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, it }

/**
 * Locale of each language. British English, like Italian, writes the day before the month and uses
 * the 24-hour clock.
 */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', it: 'it-IT' }

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const KIBIBYTE = 1024

/** Texts of one language, and functions that format numbers and times for people. */
export interface Translator {
  readonly language: Language
  readonly words: Catalogue
  number(value: number): string
  percent(share: number): string
  /** Formats the time of day: `14:03:22`. */
  clock(at: number): string
  /** Formats the day and the time: `23 Nov, 14:03`. */
  moment(at: number): string
  /**
   * Formats an instant as `2026-03-23 14:03:22`, which is also the format in which people type it.
   */
  stamp(at: number): string
  /**
   * Formats a duration in its two largest units: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d
   * 1 h`.
   */
  duration(ms: number): string
  /** Formats an elapsed time and its limit in the same unit: `12/30 s`. */
  ratio(elapsedMs: number, limitMs: number): string
  /** Formats a number of bytes: `182 MB`. A unit is 1024 times the smaller one. */
  bytes(count: number): string
}

/**
 * Cache of the translators, by language and time zone, because their formatters are expensive to
 * create.
 */
const made = new Map<string, Translator>()

/**
 * Returns the translator for a language and a time zone. By default, the time zone is the system's.
 */
export function translatorFor(language: Language, timeZone?: string): Translator {
  const key = `${language} ${timeZone ?? ''}`
  const translator = made.get(key) ?? make(language, timeZone)
  made.set(key, translator)
  return translator
}

function make(language: Language, timeZone: string | undefined): Translator {
  const locale = LOCALES[language]
  const zone = timeZone === undefined ? {} : { timeZone }
  const numbers = lazy(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }))
  const percents = lazy(() => new Intl.NumberFormat(locale, { style: 'percent' }))
  const clocks = lazy(() => new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hour12: false, ...zone }))
  const moments = lazy(
    () =>
      new Intl.DateTimeFormat(locale, {
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hour12: false,
        ...zone,
      }),
  )
  const stamps = lazy(
    () => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...zone }),
  )
  const words = CATALOGUES[language]
  return {
    language,
    words,
    number: value => numbers().format(value),
    percent: share => percents().format(share),
    clock: at => clocks().format(at),
    moment: at => moments().format(at),
    stamp: at => stamps().format(at),
    duration: ms => duration(ms, words.units),
    ratio: (elapsedMs, limitMs) => ratio(elapsedMs, limitMs, words.units),
    bytes: count => bytes(count, numbers(), words.units),
  }
}

function duration(ms: number, units: Catalogue['units']): string {
  const whole = Math.max(0, Math.floor(ms))
  if (whole < SECOND_MS) return `${whole} ${units.millisecond}`
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) => {
    const first = `${Math.floor(whole / large)} ${largeUnit}`
    const rest = Math.floor((whole % large) / small)
    return rest === 0 ? first : `${first} ${rest} ${smallUnit}`
  }
  if (whole < MINUTE_MS) return `${Math.floor(whole / SECOND_MS)} ${units.second}`
  if (whole < HOUR_MS) return pair(MINUTE_MS, units.minute, SECOND_MS, units.second)
  if (whole < DAY_MS) return pair(HOUR_MS, units.hour, MINUTE_MS, units.minute)
  return pair(DAY_MS, units.day, HOUR_MS, units.hour)
}

/**
 * Limits below this number of minutes are written in seconds, and limits below this number of hours
 * in minutes.
 */
const SMALL_LIMITS = 10

function ratio(elapsedMs: number, limitMs: number, units: Catalogue['units']): string {
  const [unitMs, unit] =
    limitMs < SMALL_LIMITS * MINUTE_MS
      ? [SECOND_MS, units.second]
      : limitMs < SMALL_LIMITS * HOUR_MS
        ? [MINUTE_MS, units.minute]
        : [HOUR_MS, units.hour]
  const whole = (ms: number) => Math.max(0, Math.floor(ms / unitMs))
  return `${whole(elapsedMs)}/${whole(limitMs)} ${unit}`
}

function bytes(count: number, numbers: Intl.NumberFormat, units: Catalogue['units']): string {
  const steps = [units.byte, units.kilobyte, units.megabyte, units.gigabyte]
  let value = count
  let step = 0
  while (value >= KIBIBYTE && step < steps.length - 1) {
    value /= KIBIBYTE
    step += 1
  }
  const rounded = value >= 10 ? Math.round(value) : value
  return `${numbers.format(rounded)} ${steps[step] ?? units.byte}`
}
