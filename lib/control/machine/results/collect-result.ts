import { join } from 'node:path'
import type { ErrorCode } from '../../../core/errors/error-codes.ts'
import { AutomateError, errorToRecord, messageOf, systemCode } from '../../../core/errors/errors.ts'
import { DEFAULT_RECOVERY } from '../../../core/errors/recovery.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { NOT_NOTIFIED } from '../../../model/failure/notified-marker.ts'
import { MemberRef, OutcomeDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import type { Assignment, MemberPart } from '../../../model/worker/documents.ts'
import type { Outcome } from '../../../model/job/outcome.ts'
import { redactOutcome } from '../../../model/failure/redact-crash.ts'
import { formatPhase } from '../../../model/job/phase.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../../files/documents/atomic-json.ts'
import { markBeside } from '../../../files/notified-marker.ts'
import { isMarkedKilled, killMarkOf } from '../../../files/kill-marker.ts'
import type { Ending } from './ending.ts'
import { findCrash } from './found-crash.ts'
import type { FoundCrash } from './found-crash.ts'
import { synthesizeCrash } from './synthesize-crash.ts'
import type { KillReason } from '../../decide/scheduler-view.ts'
import { tryOrWarn } from '../../try-or-warn.ts'
import type { WorkerExit } from '../workers/worker-process.ts'
import type { AttemptMember } from '../workers/attempt.ts'

/** Identifies the part of an attempt that has ended. */
const EndedMember = MemberRef.omit({ workflow: true })

/** Result of a worker's part of a job, read from its files and its exit. */
export interface WorkerResult {
  readonly outcome: Outcome
  readonly member: Omit<OutcomeDocument, 'kind' | 'version' | 'workflow' | 'memoryBytes'>
  /** Memory of the worker and its browser at the end, in bytes; 0 if unknown. */
  readonly memoryBytes: number
  /**
   * Crash report that the worker wrote, or that was made for it; null if the worker did not fail,
   * or only after it was asked to stop.
   */
  readonly crash: FoundCrash | null
  /** Paths of the files that can be removed once their content is in the store. */
  readonly obsolete: readonly string[]
  /**
   * Message of a failure of the process, or of its clean-up, after the worker was asked to stop;
   * null if there was none. Such a failure is counted and logged, but people are not notified of
   * it.
   */
  readonly lateReport: string | null
}

/**
 * Returns the outcome of an exited worker and its files. If the worker could not report its end (it
 * was killed, ran out of memory, or user code exited), infers the outcome from the exit code, the
 * last state and the last lines. Writes a missing crash report to disk before it returns, so that
 * the report survives the death of this process. Never throws. Files that cannot be read or written
 * are logged, and the report then only exists in the return value.
 */
export function collectExited(paths: ProjectPaths, ending: Ending, now: number, log: Log): WorkerResult {
  const { assignment } = ending
  const stateFile = join(paths.workerStates, `${assignment.workerId}.json`)
  const state = tryOrWarn(log, () => readJsonIfExistsSync(stateFile, WorkerDocument))
  // The document may be about an earlier job, if the worker died before it wrote anything about
  // this one.
  const lastState = state !== undefined && isOf(assignment, state.job) ? state : undefined
  const { reported, unread } = outcomeOf(paths, ending, log)
  const own = findCrash(paths, assignment, log)
  const byHand = tryOrWarn(log, () => isMarkedKilled(paths, assignment)) === true
  const outcome = reported?.outcome ?? crashed(own) ?? inferOutcome(ending, lastState, byHand, unread)
  const result = resultOf(paths, ending, { outcome, reported, own, lastState }, now, log)
  if (lastState !== undefined) {
    const last = { ...lastState, state: 'exited', updatedAt: now, outcome: result.outcome.status }
    tryOrWarn(log, () => writeJsonSync(stateFile, last))
  }
  const { workerId } = assignment
  const marks = byHand ? [killMarkOf(paths, workerId)] : []
  return { ...result, obsolete: [join(paths.results, `${workerId}.json`), ...marks, ...result.obsolete] }
}

/**
 * Returns the outcome and the files of a job that a worker has ended, while the worker goes on
 * running. Never throws.
 */
export function collectFinished(
  paths: ProjectPaths,
  member: AttemptMember,
  now: number,
  log: Log,
): WorkerResult {
  const { assignment, stop, worker, sent } = member
  const spawnError = new AutomateError('worker-exit', 'The worker left no readable outcome')
  const ending: Ending = {
    ...{ assignment, stop, sent, killed: null, outputFile: worker.process.outputFile },
    exit: { code: null, signal: null, spawnError },
  }
  const { reported, unread } = outcomeOf(paths, ending, log)
  const own = reported?.outcome.status === 'succeeded' ? undefined : findCrash(paths, assignment, log)
  const outcome = reported?.outcome ?? crashed(own) ?? inferOutcome(ending, undefined, false, unread)
  return resultOf(paths, ending, { outcome, reported, own, lastState: undefined }, now, log)
}

interface Found {
  readonly outcome: Outcome
  readonly reported: OutcomeDocument | undefined
  readonly own: FoundCrash | undefined
  readonly lastState: WorkerDocument | undefined
}

function resultOf(
  paths: ProjectPaths,
  ending: Ending,
  { reported, own, lastState, ...found }: Found,
  now: number,
  log: Log,
): WorkerResult {
  const { assignment, stop } = ending
  const outcome = redactOutcome(found.outcome)
  const failed = outcome.status === 'failed' || outcome.status === 'timed-out' || outcome.status === 'crashed'
  // A failure before the request to stop is a failure of the worker, and not a result of the stop.
  const failedAt = own?.document.at ?? reported?.endedAt ?? now
  const late = stop !== null && failed && failedAt >= stop.askedAt
  const settled: Outcome = late ? { status: 'cancelled', reason: stop.reason, phase: outcome.phase } : outcome
  const crash =
    !failed || late ? null : (own ?? made(synthesizeCrash(paths, ending, outcome, lastState, now, log)))
  const files = [...new Set([own?.file, crash?.file])].filter(file => file !== undefined)
  return {
    outcome: settled,
    member: {
      ...EndedMember.parse(assignment),
      endedAt: reported?.endedAt ?? now,
      outcome: settled,
      history: reported?.history ?? lastState?.history ?? [],
    },
    memoryBytes: reported?.memoryBytes ?? 0,
    crash,
    // Each mark follows its report. If only the mark remains, it is ignored and removed later.
    obsolete: files.map(file => join(paths.crashes, file)).flatMap(path => [path, markBeside(path)]),
    lateReport: late ? errorLine(outcome) : lateFailure(outcome),
  }
}

interface SaidOutcome {
  readonly reported: OutcomeDocument | undefined
  /** Reason why the system could not read a file that may be the outcome. */
  readonly unread?: string
}

/**
 * Returns the outcome that the worker wrote for this attempt. The outcome of an older attempt is
 * ignored.
 */
function outcomeOf(paths: ProjectPaths, { assignment, sent }: Ending, log: Log): SaidOutcome {
  if (sent !== undefined && isOf(assignment, sent)) return { reported: sent }
  const file = join(paths.results, `${assignment.workerId}.json`)
  try {
    const reported = readJsonIfExistsSync(file, OutcomeDocument)
    return { reported: reported !== undefined && isOf(assignment, reported) ? reported : undefined }
  } catch (error) {
    log.warn(messageOf(error))
    return { reported: undefined, ...(systemCode(error) === undefined ? {} : { unread: messageOf(error) }) }
  }
}

function isOf(assignment: Assignment, part: Pick<MemberPart, 'jobId' | 'attempt'> | null): boolean {
  return part?.jobId === assignment.jobId && part.attempt === assignment.attempt
}

function lateFailure(outcome: Outcome): string | null {
  return outcome.status === 'cancelled' ? (outcome.late ?? null) : null
}

function errorLine(outcome: Outcome): string {
  return 'error' in outcome ? outcome.error.message : outcome.status
}

/**
 * Returns the outcome of a worker that wrote its crash report but died before it wrote its outcome.
 * Returns undefined if there is no report.
 */
function crashed(own: FoundCrash | undefined): Outcome | undefined {
  if (own === undefined) return undefined
  const { error, phase, exitCode, signal } = own.document
  return { status: 'crashed', error, phase, exitCode, signal }
}

const made = (report: Omit<FoundCrash, 'notifiedBy'>): FoundCrash => ({ ...report, notifiedBy: NOT_NOTIFIED })

function inferOutcome(
  { assignment, exit, killed, stop }: Ending,
  lastState: WorkerDocument | undefined,
  byHand: boolean,
  unread?: string,
): Outcome {
  const phase = lastState?.phase ?? null
  if (stop !== null && killed === null && exit.code === 0) {
    return { status: 'cancelled', reason: stop.reason, phase }
  }
  const where = phase === null ? 'outside its phases' : `in ${formatPhase(phase)}`
  const answered = (code: ErrorCode) => ({
    recovery: { ...DEFAULT_RECOVERY[code], ...assignment.recovery?.[code] },
  })
  const error =
    unread !== undefined
      ? outcomeUnread(unread)
      : killed === 'blocked'
        ? new AutomateError(
            'phase-timeout',
            `The worker did not respond at its time limit ${where} and was killed.`,
            answered('phase-timeout'),
          )
        : (exit.spawnError ??
          new AutomateError(
            'worker-exit',
            `The worker ${howItEnded(exit, killed, byHand)} ${where}.${possibleCause(exit, killed, byHand)}`,
            answered('worker-exit'),
          ))
  return {
    status: killed === 'blocked' ? 'timed-out' : 'crashed',
    error: errorToRecord(error),
    phase,
    exitCode: exit.code,
    signal: exit.signal,
  }
}

/** Returns an error that is not retried. The work may be done, and a retry would repeat it. */
function outcomeUnread(why: string): AutomateError {
  return new AutomateError(
    'worker-exit',
    `The outcome of the job could not be read: ${why}. The job is not retried, because its work may be done. Check what the job did before you retry it.`,
    { recovery: { ...DEFAULT_RECOVERY['worker-exit'], retry: 'never' } },
  )
}

/**
 * Returns the likely cause of a SIGKILL that neither the scheduler nor a person sent. It usually
 * comes from the system, which logs it where few people look.
 */
function possibleCause({ signal }: WorkerExit, killed: KillReason | null, byHand: boolean): string {
  return signal === 'SIGKILL' && killed === null && !byHand
    ? ' The system does this when memory is short. Free some memory, or use fewer workers.'
    : ''
}

function howItEnded({ code, signal }: WorkerExit, killed: KillReason | null, byHand: boolean): string {
  if (killed === 'never-started') return 'did not start in time and was killed'
  if (killed === 'did-not-stop') return 'did not stop on request and was killed'
  if (byHand) return 'was killed by a person'
  return signal === null ? `ended with exit code ${code ?? 'unknown'}` : `ended by ${signal}`
}
