import type { ErrorRecord } from '../core/errors.ts'
import type { Json } from '../core/errors.ts'
import { retryDelayMs } from './backoff.ts'
import type { Run } from './run.ts'

/** How an attempt of a job ended. */
export type Settlement =
  | { readonly state: 'succeeded'; readonly result: Json }
  | { readonly state: 'failed'; readonly error: ErrorRecord }
  | { readonly state: 'retrying'; readonly error: ErrorRecord; readonly dueAt: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'interrupted' }

/**
 * Says how a job ended, from how each of its workers ended; called when all have.
 * A result that met the target wins over everything. A worker that died does not end its swarm: one success among the rest is success. `random` is in
 * [0, 1) and spreads retries.
 */
export function settle(run: Run, now: number, random: number): Settlement {
  const outcomes = run.members.flatMap(member => (member.outcome === null ? [] : [member.outcome]))
  if (run.best?.targetMet === true) return { state: 'succeeded', result: run.best.result }
  if (run.cancelRequested) return { state: 'cancelled' }
  if (outcomes.some(outcome => outcome.status === 'cancelled' && outcome.reason !== 'sibling-failed')) {
    return { state: 'interrupted' }
  }
  const success = outcomes.find(outcome => outcome.status === 'succeeded')
  if (success !== undefined) return { state: 'succeeded', result: run.best?.result ?? success.result }
  const failure = outcomes.find(outcome => outcome.status !== 'cancelled' && outcome.status !== 'succeeded')
  if (failure === undefined) return { state: 'interrupted' }
  const { error } = failure
  const final =
    error.code === 'hard-fail' || error.code === 'workflow-invalid' || error.code === 'input-invalid'
  if (final || run.job.failures >= run.job.retries) return { state: 'failed', error }
  return { state: 'retrying', error, dueAt: now + retryDelayMs(run.job.failures + 1, random) }
}
