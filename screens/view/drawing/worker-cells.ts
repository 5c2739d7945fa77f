import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { formatPhase } from '../../../lib/model/job/phase.ts'
import type { Role } from '../../theme.ts'
import { OUTCOME_MARKS, WAITING_MARKS, WORKER_MARKS, silence } from './status-glyphs.ts'
import { keptWords } from '../../../lib/locales/format/kept-words.ts'
import { waitingBeside } from '../../../lib/locales/format/waiting-words.ts'
import type { Page } from '../page.ts'
import type { Row } from './row.ts'
import { cut } from './text.ts'

/** Returns the glyph and the word for a worker's state, or for its end or its silence. */
export function workerState(page: Page, worker: WorkerDocument): Row {
  const { words } = page.t
  // If the disk takes no state of the scheduler, it takes none of the workers either, so they are
  // not shown as silent.
  const isUnwritten = (page.state.snapshot?.unwritten ?? null) !== null
  const silentMs = isUnwritten ? undefined : silence(worker, page.state.now)
  if (silentMs !== undefined) return [page.span(`! ${words.badge.silent(page.t.duration(silentMs))}`, 'warn')]
  if (worker.outcome !== null && worker.state !== 'kept') {
    const { glyph, role } = OUTCOME_MARKS[worker.outcome]
    return [page.span(`${glyph} ${words.outcome[worker.outcome]}`, role)]
  }
  if (worker.waiting !== undefined) {
    const { glyph, role } = WAITING_MARKS[worker.waiting.for]
    return [page.span(`${glyph} ${words.waitingState[worker.waiting.for]}`, role)]
  }
  const { glyph, role } = WORKER_MARKS[worker.state]
  return [page.span(`${glyph} ${words.workerState[worker.state]}`, role)]
}

/**
 * Returns `#12`, or `#12·2/4` for one of several workers; empty for a worker that waits for a job.
 */
export function jobName({ job }: Pick<WorkerDocument, 'job'>): string {
  if (job === null) return ''
  const { jobId, member, members } = job
  return members > 1 ? `#${jobId}·${member}/${members}` : `#${jobId}`
}

/** Returns the phase and the step of a worker: `4/6 add_step: button X`. */
export function workerPhase(page: Page, worker: WorkerDocument, width: number): Row {
  if (worker.state === 'idle') return [page.span(cut(readiness(page, worker), width), 'muted')]
  const kept = keptWords(worker, page.t.words, at => page.t.clock(at))
  if (kept !== undefined) return [page.span(cut(kept, width), 'warn')]
  const last = worker.phase ?? worker.history.at(-1)
  if (last === undefined) return []
  const ended = worker.phase === null
  const place = `${last.index}/${last.count} `
  if (worker.waiting !== undefined) {
    const text = waitingBeside(worker.waiting, page.t.words)
    const { role } = WAITING_MARKS[worker.waiting.for]
    return [page.span(place, 'muted'), page.span(cut(text, Math.max(0, width - place.length)), role)]
  }
  if (ended) return [page.span(cut(formatPhase(last, page.t.words.phaseTry), width), 'muted')]
  const rest = cut(
    formatPhase(last, page.t.words.phaseTry).slice(place.length),
    Math.max(0, width - place.length),
  )
  return [page.span(place, 'muted'), page.span(rest)]
}

/** Returns the text of a worker without a job: `waits for a job, 3 jobs so far`. */
export function readiness({ t }: Page, { jobs }: WorkerDocument): string {
  const { waits, jobsSoFar } = t.words.labels
  return jobs === 0 ? waits : `${waits}, ${jobsSoFar(jobs)}`
}

/** Share of a phase's time limit from which the phase is shown as late. */
const LATE_SHARE = 0.8

/** Returns the colour of a time that has used a share of its limit. */
export function timeRole(share: number): Role {
  if (share >= 1) return 'bad'
  return share >= LATE_SHARE ? 'warn' : 'bar'
}

/**
 * Returns the elapsed time and the limit of the phase in milliseconds. The elapsed time does not
 * grow while the worker waits, or after the worker was killed in the phase.
 */
export function phaseTime(
  { phase, waiting, state, updatedAt }: WorkerDocument,
  now: number,
): { readonly elapsedMs: number; readonly limitMs: number } {
  if (phase === null) return { elapsedMs: 0, limitMs: 0 }
  if (waiting === undefined) {
    const until = state === 'exited' ? updatedAt : now
    return { elapsedMs: until - phase.startedAt, limitMs: phase.deadlineAt - phase.startedAt }
  }
  const elapsedMs = waiting.since - phase.startedAt
  return { elapsedMs, limitMs: elapsedMs + phase.deadlineAt - waiting.deadlineAt }
}

/**
 * Returns a bar with numbers: the time of the phase, of the wait or of the open browser, compared
 * with its limit.
 */
export function workerTime(page: Page, worker: WorkerDocument, width: number): Row {
  const { phase, waiting, kept } = worker
  if (phase === null && kept === undefined) return []
  const { now } = page.state
  const { elapsedMs, limitMs } =
    kept !== undefined
      ? { elapsedMs: now - kept.since, limitMs: kept.until - kept.since }
      : waiting === undefined
        ? phaseTime(worker, now)
        : { elapsedMs: now - waiting.since, limitMs: waiting.deadlineAt - waiting.since }
  const share = limitMs > 0 ? elapsedMs / limitMs : 0
  const text = page.t.ratio(elapsedMs, limitMs)
  const barWidth = Math.max(0, width - TIME_TEXT)
  const role = timeRole(share)
  return [...page.bar(share, barWidth, role), page.span(` ${text}`, role === 'bar' ? 'text' : role)]
}

/** Width in cells of ` 120/300 s`. */
const TIME_TEXT = 10
