import type { Clock } from '../../core/clock.ts'
import { AutomateError, errorFromRecord, errorToRecord } from '../../core/errors.ts'
import type { Json } from '../../core/errors.ts'
import type { MemberRef } from '../../domain/documents.ts'
import type { Judge } from '../../authoring/runnable.ts'
import { sanitiseRecord } from '../evidence/error-text.ts'
import type { Coordination, OnceLimits } from './coordination.ts'
import type { StorePort } from './store-port.ts'
import { nextChange } from './next-change.ts'

/** A lease no shorter than this: a holder near its phase's limit still gets to say that it failed. */
const SHORTEST_LEASE_MS = 1_000

/** The coordination of a job's workers through the store. */
export function storeCoordination(
  store: StorePort,
  member: MemberRef,
  judge: Judge,
  clock: Clock,
): Coordination {
  const { jobId, attempt, workerId } = member

  const offer: Coordination['offer'] = async result => {
    const targetMet = judge.meetsTarget(result)
    let best = await store.call('offers.best', { jobId })
    for (;;) {
      // The author's `better` runs here, never in the owner; the store only compares versions.
      if (best !== null && !judge.better(result, best.result)) {
        return { accepted: false, targetMet: best.targetMet }
      }
      const seenVersion = best?.version ?? 0
      const input = { jobId, attempt, member: member.member, workerId, seenVersion, result, targetMet }
      const reply = await store.call('offers.submit', input)
      if (reply.status === 'accepted') return { accepted: true, targetMet }
      if (reply.status === 'fenced') throw fenced(jobId, attempt)
      best = reply.best
    }
  }

  const once = async (
    key: string,
    fn: () => Promise<Json>,
    { signal, leaseMs, triesAgain = false }: OnceLimits,
  ): Promise<Json> => {
    const ref = { jobId, attempt, key }
    for (;;) {
      signal.throwIfAborted()
      // Listening begins before the question, so that a change between the two is not missed.
      const changed = nextChange(store, clock, signal)
      try {
        const lease = { workerId, leaseMs: Math.max(leaseMs, SHORTEST_LEASE_MS) }
        const turn = await store.call('discoveries.acquire', { ...ref, ...lease })
        if (turn.status === 'done') return turn.value
        if (turn.status === 'failed') throw errorFromRecord(turn.error)
        if (turn.status === 'waiting') await changed.wait
        else {
          const value = await runHeld(ref, turn.fence, fn, () => signal.aborted || triesAgain)
          const { applied } = await store.call('discoveries.complete', { ...ref, fence: turn.fence, value })
          if (applied) return value
          // The lease ran out and another took the turn: its value is the one that all use.
        }
      } finally {
        changed.forget()
      }
    }
  }

  const runHeld = async (
    ref: { jobId: number; attempt: number; key: string },
    fence: number,
    fn: () => Promise<Json>,
    open: () => boolean,
  ): Promise<Json> => {
    try {
      return await fn()
    } catch (error) {
      // A worker that is stopped, or tries again, has not found that it cannot be done: whoever asks next tries.
      if (open()) await store.call('discoveries.release', { workerId })
      else {
        await store.call('discoveries.fail', { ...ref, fence, error: sanitiseRecord(errorToRecord(error)) })
      }
      throw error
    }
  }

  return { once, offer }
}

function fenced(jobId: number, attempt: number): AutomateError {
  const message = `Job ${jobId} has gone on without this worker's attempt ${attempt}; its result is not taken.`
  return new AutomateError('fenced', message, { facts: { jobId, attempt } })
}
