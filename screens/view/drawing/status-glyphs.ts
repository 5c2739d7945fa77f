import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import type { JobState } from '../../../lib/model/job/job.ts'
import type { LogLevel } from '../../../lib/model/log-line.ts'
import type { WorkerWait } from '../../../lib/model/worker/worker-wait.ts'
import type { Catalogue } from '../../../lib/locales/en.ts'
import type { Role } from '../../theme.ts'

/** Glyph and colour of a state. A word is always shown next to the glyph. */
export interface Mark {
  readonly glyph: string
  readonly role: Role
}

export const SERVICE_MARKS: Readonly<Record<keyof Catalogue['serviceState'], Mark>> = {
  stopped: { glyph: '○', role: 'muted' },
  starting: { glyph: '◐', role: 'warn' },
  running: { glyph: '●', role: 'good' },
  stopping: { glyph: '◑', role: 'warn' },
  failed: { glyph: '✗', role: 'bad' },
}

/** Mark of something that a person has paused: the scheduler, or a schedule. */
export const PAUSED_MARK: Mark = { glyph: '‖', role: 'warn' }

export const WORKER_MARKS: Readonly<Record<keyof Catalogue['workerState'], Mark>> = {
  starting: { glyph: '◐', role: 'warn' },
  idle: { glyph: '○', role: 'good' },
  busy: { glyph: '●', role: 'busy' },
  kept: { glyph: '◆', role: 'warn' },
  stopping: { glyph: '◑', role: 'warn' },
  exited: { glyph: '○', role: 'muted' },
}

export const OUTCOME_MARKS: Readonly<Record<keyof Catalogue['outcome'], Mark>> = {
  succeeded: { glyph: '✓', role: 'good' },
  failed: { glyph: '✗', role: 'bad' },
  'timed-out': { glyph: '✗', role: 'bad' },
  cancelled: { glyph: '○', role: 'muted' },
  crashed: { glyph: '✗', role: 'bad' },
}

export const JOB_MARKS: Readonly<Record<JobState, Mark>> = {
  queued: { glyph: '○', role: 'text' },
  running: { glyph: '●', role: 'busy' },
  retrying: { glyph: '◐', role: 'warn' },
  interrupted: { glyph: '◑', role: 'warn' },
  succeeded: { glyph: '✓', role: 'good' },
  failed: { glyph: '✗', role: 'bad' },
  cancelled: { glyph: '○', role: 'muted' },
  parked: { glyph: '■', role: 'warn' },
}

export const PHASE_MARKS: Readonly<Record<keyof Catalogue['phaseStatus'], Mark>> = {
  done: { glyph: '✓', role: 'good' },
  failed: { glyph: '✗', role: 'bad' },
  'timed-out': { glyph: '✗', role: 'bad' },
  cancelled: { glyph: '○', role: 'muted' },
  live: { glyph: '●', role: 'busy' },
  ahead: { glyph: '·', role: 'muted' },
}

export const LEVEL_MARKS: Readonly<Record<LogLevel, Mark>> = {
  debug: { glyph: ' ', role: 'muted' },
  info: { glyph: ' ', role: 'muted' },
  warn: { glyph: '!', role: 'warn' },
  error: { glyph: '✗', role: 'bad' },
}

export const CONNECTION_MARKS: Readonly<Record<keyof Catalogue['connection'], Mark>> = {
  connecting: { glyph: '◐', role: 'warn' },
  scheduling: { glyph: '●', role: 'good' },
  attached: { glyph: '●', role: 'info' },
  lost: { glyph: '✗', role: 'bad' },
}

/** Mark of a scheduler that does not respond. */
export const SILENT_MARK: Mark = { glyph: '!', role: 'warn' }

/** Marks of a worker that waits, by what the worker waits for. */
export const WAITING_MARKS: Readonly<Record<WorkerWait['for'], Mark>> = {
  account: { glyph: '◐', role: 'muted' },
  person: { glyph: '◆', role: 'warn' },
  operator: { glyph: '■', role: 'warn' },
  discovery: { glyph: '◐', role: 'muted' },
  scheduler: { glyph: '◐', role: 'muted' },
}

/**
 * Age of a worker's state after which the worker counts as silent: three times the interval at
 * which a busy worker writes its state.
 */
const SILENT_AFTER_MS = 30_000

/**
 * Returns for how many milliseconds a busy worker has not written its state, or undefined if that
 * is not unusually long. A waiting worker has nothing to report, so it is never silent.
 */
export function silence(worker: WorkerDocument, now: number): number | undefined {
  const ms = now - worker.updatedAt
  const quiet = worker.state === 'exited' || worker.state === 'idle' || worker.state === 'kept'
  const atWork = !quiet && worker.waiting === undefined
  return atWork && ms >= SILENT_AFTER_MS ? ms : undefined
}
