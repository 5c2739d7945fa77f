import { AutomateError, errorToRecord } from '../../core/errors/errors.ts'
import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import { recoveryOf } from '../../core/errors/recovery.ts'
import type { Retry } from '../../core/errors/recovery.ts'
import { MAX_PAUSE_MS } from '../../model/job/domains.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import { retryDelayMs } from './backoff.ts'
import { quorumOf } from './quorum.ts'
import type { EndedAttempt } from './attempt-view.ts'

/** Result of an attempt of a job. */
export type Settlement =
  | { readonly state: 'succeeded'; readonly result: Json }
  | { readonly state: 'failed'; readonly error: ErrorRecord }
  | {
      readonly state: 'retrying'
      readonly error: ErrorRecord
      readonly dueAt: number
      /**
       * Proxies that have failed for the job. Set if the job is retried with another proxy, which
       * does not cost an attempt.
       */
      readonly proxiesTried?: string[]
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'interrupted' }

/**
 * Returns the result of an attempt from the outcomes of its workers, all of which have ended. A
 * result that met the target takes precedence over everything else. At the deadline, the best offer
 * is the result. The death of a worker does not fail the job if enough other workers succeeded.
 * `random` is in [0, 1) and spreads retries.
 */
export function settle(run: EndedAttempt, now: number, random: number): Settlement {
  const outcomes = run.members.flatMap(member => (member.outcome === null ? [] : [member.outcome]))
  if (run.best?.targetMet === true) return { state: 'succeeded', result: run.best.result }
  if (run.cancelRequested) return { state: 'cancelled' }
  if (run.refusal !== null) return { state: 'failed', error: run.refusal }
  const stops = outcomes.flatMap(outcome => (outcome.status === 'cancelled' ? [outcome.reason] : []))
  if (stops.some(reason => reason !== 'sibling-failed' && reason !== 'deadline'))
    return { state: 'interrupted' }
  const late = stops.includes('deadline')
  if (late && run.best !== null) return { state: 'succeeded', result: run.best.result }
  const successes = outcomes.filter(outcome => outcome.status === 'succeeded')
  const [success] = successes
  if (success !== undefined && (late || successes.length >= quorumOf(run))) {
    return { state: 'succeeded', result: run.best?.result ?? success.result }
  }
  const error = gravest([...errorsOf(outcomes), ...(late ? [nothingInTime(run)] : [])])
  if (error === undefined) return { state: 'interrupted' }
  const { retry } = recoveryOf(error)
  if (retry === 'other-proxy' && run.proxies?.another === true) {
    return { state: 'retrying', error, dueAt: now, proxiesTried: [...run.proxies.tried] }
  }
  if (retry === 'never' || run.job.failures >= triesAllowed(run, error)) return { state: 'failed', error }
  const waitMs = Math.max(pauseMs(retry, run.job.failures + 1, random), askedMs(error))
  return { state: 'retrying', error, dueAt: now + waitMs }
}

/**
 * Returns the number of retries that the job may have. An expired saved login is not the fault of
 * the job, so the job gets one extra retry, with a fresh login.
 */
function triesAllowed({ job }: EndedAttempt, error: ErrorRecord): number {
  return job.retries + (error.code === 'session-expired' && error.facts['login'] === 'saved' ? 1 : 0)
}

/**
 * Recoveries of failures, most serious first. `never` excludes a retry, the next two change
 * something before the retry, and the last two only wait or retry at once.
 */
const GRAVEST_FIRST = ['never', 'other-session', 'other-proxy', 'backoff', 'now'] as const

/**
 * Returns the failure that represents the attempt. This is the first of the failures with the most
 * serious recovery, or undefined if there is no failure.
 */
function gravest(errors: readonly ErrorRecord[]): ErrorRecord | undefined {
  const ranked = errors.map(error => ({ error, rank: GRAVEST_FIRST.indexOf(recoveryOf(error).retry) }))
  return ranked.sort((a, b) => a.rank - b.rank)[0]?.error
}

const errorsOf = (outcomes: readonly Outcome[]): ErrorRecord[] =>
  outcomes.flatMap(outcome => ('error' in outcome ? [outcome.error] : []))

function nothingInTime({ deadlineMs }: EndedAttempt): ErrorRecord {
  const seconds = (deadlineMs ?? 0) / 1_000
  const error = new AutomateError('deadline', `No worker offered a result within ${seconds} s.`)
  // The stack would show the code that detected the failure, which says nothing about the cause.
  error.stack = `${error.name}: ${error.message}`
  return errorToRecord(error)
}

function pauseMs(retry: Exclude<Retry, 'never'>, failures: number, random: number): number {
  switch (retry) {
    case 'now':
      return 0
    case 'backoff':
      return retryDelayMs(failures, random)
    case 'other-proxy':
    case 'other-session':
      // The proxy or the session is replaced, so there is nothing to wait for. The delay only keeps
      // workers that failed for the same reason from retrying at the same time.
      return retryDelayMs(1, random)
  }
}

/**
 * Returns the pause, in milliseconds, that the site asked for when it refused a request. The pause
 * is at most `MAX_PAUSE_MS`, and 0 if the site asked for none.
 */
function askedMs({ facts }: ErrorRecord): number {
  const asked = facts['retryAfterMs']
  return typeof asked === 'number' ? Math.ceil(Math.max(0, Math.min(asked, MAX_PAUSE_MS))) : 0
}
