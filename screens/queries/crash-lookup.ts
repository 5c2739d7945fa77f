import type { LogLine } from '../../lib/model/log-line.ts'
import { logActivity, wordsOf } from '../binding.ts'
import { crashesSelected } from '../lists/crash-rows.ts'
import { NO_SEARCH } from './log-search.ts'
import type { Lookup, LookupResult } from '../../lib/app/port/lookup.ts'
import type { State } from '../state.ts'

/** Interval at which the open crash is reread, because its notifications change. */
const READ_EVERY_MS = 3_000

export function crashLookup(state: State): Extract<Lookup, { type: 'crash' }> | null {
  const [crash] = state.screen === 'crashes' ? crashesSelected(state) : []
  if (crash === undefined) return null
  const known = state.crash.detail?.report.id === crash.id && !state.crash.stale
  return known || (state.crash.detail === null && !state.crash.stale) ? null : { type: 'crash', id: crash.id }
}

export function crashTick(state: State): State {
  const due = state.screen === 'crashes' && state.now >= state.crash.readAt + READ_EVERY_MS
  return due && !state.crash.stale ? { ...state, crash: { ...state.crash, stale: true } } : state
}

export function crashAnswered(state: State, result: LookupResult): State {
  const read = { readAt: state.now, stale: false }
  if (!result.ok)
    return {
      ...logActivity(state, '', result.message, 'bad'),
      crash: { ...state.crash, ...read, detail: null },
    }
  const { answer } = result
  return answer.type === 'crash'
    ? { ...state, crash: { ...state.crash, ...read, detail: answer.detail } }
    : state
}

export function logLookup({ crash }: State): Extract<Lookup, { type: 'log' }> | null {
  return crash.jump === null ? null : { type: 'log', path: crash.jump.path }
}

/**
 * Shows the log of the crash's worker, frozen at the line of the crash and without the previous
 * filters.
 */
export function logAnswered(state: State, result: LookupResult): State {
  const { jump } = state.crash
  const next: State = { ...state, crash: { ...state.crash, jump: null } }
  if (jump === null || state.screen !== 'crashes') return next
  if (!result.ok) return logActivity(next, 'J', result.message, 'bad')
  const { answer } = result
  if (answer.type !== 'log') return next
  const { lines } = answer
  if (lines.length === 0) return logActivity(next, 'J', wordsOf(state).unavailable.noCrashLog, 'bad')
  const log = {
    following: false,
    frozen: true,
    file: jump.path,
    lines,
    cursor: placeOf(lines, jump.at),
  } as const
  const shown: State = {
    ...next,
    screen: 'logs',
    cameFrom: state.screen,
    zoomed: false,
    logs: { ...state.logs, log },
    searches: { ...state.searches, log: NO_SEARCH },
  }
  return logActivity(shown, 'J', wordsOf(state).activity.jumped(jump.path))
}

/**
 * Returns the index of the line that is nearest to an instant. An error that is close to the
 * instant takes precedence over a nearer line.
 */
function placeOf(lines: readonly LogLine[], at: number): number {
  const distance = ({ at: then, level }: LogLine) => Math.abs(then - at) + (level === 'error' ? 0 : ABOUT_MS)
  return lines.reduce((best, line, place) => {
    const known = lines[best]
    return known !== undefined && distance(known) < distance(line) ? best : place
  }, 0)
}

/** Longest time between a worker's line about its failure and its crash report. */
const ABOUT_MS = 5_000
