import type { Clock } from '../../core/time/clock.ts'
import { AutomateError, errorFromRecord, errorToRecord } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import type { Discovery } from '../../authoring/discovery.ts'
import type { ResultComparator } from '../../authoring/workflow-runtime.ts'
import type { InputOf } from '../../store/operations/index.ts'
import { classifyError } from '../diagnostics/classify-error.ts'
import { sanitiseRecord } from '../../model/failure/error-text.ts'
import type { Coordination, OnceLimits } from './coordination.ts'
import type { StorePort } from './store-port.ts'
import { nextChange } from './next-change.ts'
import type { PauseListener } from '../phases/phase-control.ts'

/** Shortest lease, so that a holder near its phase's limit can still report its failure. */
const SHORTEST_LEASE_MS = 1_000

/**
 * Longest time until the other workers notice that a holder's pause, or the holder itself, has
 * ended, even with a slow store.
 */
const SEEN_WITHIN_MS = 10_000

type Lease = Omit<InputOf<'discoveries.acquire'>, keyof InputOf<'discoveries.look'>>

/** Coordinates a job's workers through the store. */
export function storeCoordination(
  store: StorePort,
  member: MemberRef,
  judge: ResultComparator,
  clock: Clock,
): Coordination {
  const { jobId, attempt, workerId, member: place, members } = member
  const listen = (listener: () => void) => store.onWritten(['discoveries'], listener)

  let offered = false
  const offer: Coordination['offer'] = async result => {
    const targetMet = judge.meetsTarget(result)
    // Most jobs offer one result, so there is most likely no other one to read before the first. If
    // there is, the store returns it.
    let best = offered ? await store.call('offers.best', { jobId }) : null
    offered = true
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
    {
      signal,
      leaseMs,
      triesAgain = false,
      ttlMs = null,
      retries = 0,
      onPause,
      pauseFor,
      reasonOf = itself,
      deliver = sent => sent,
    }: OnceLimits,
  ): Promise<Discovery<Json>> => {
    const ref = { jobId, attempt, key }
    for (let waited = false; ; waited = true) {
      signal.throwIfAborted()
      // Listens before the request, so that a change between the two is not missed.
      const changed = nextChange(listen, clock, signal)
      try {
        const lease = { workerId, member: place, members, leaseMs: Math.max(leaseMs, SHORTEST_LEASE_MS) }
        const turn = await ask(ref, waited, lease)
        if (turn.status === 'done') {
          const { value, ageMs, validForMs } = turn
          return { value, ageMs, validForMs }
        }
        if (turn.status === 'failed') throw errorFromRecord(turn.error)
        if (turn.status === 'waiting') {
          if (turn.stands && pauseFor !== undefined) {
            await pauseFor(turn.forMs + SEEN_WITHIN_MS, signal => untilGoesOn(ref, turn.forMs, signal))
          } else await changed.wait(turn.forMs)
        } else {
          const held = { ...ref, fence: turn.fence, ttlMs }
          const renew = (leaseMs: number, stands: boolean) =>
            void store
              .call('discoveries.renew', { ...ref, fence: turn.fence, leaseMs, stands })
              .catch(() => undefined)
          const forget = onPause?.(pausableLease(lease.leaseMs, clock, renew))
          const open = () => signal.aborted || triesAgain
          const found = await runHeld(held, fn, { retries, open, reasonOf }).finally(forget)
          if (found === undefined) continue
          const { applied } = await deliver(store.call('discoveries.complete', { ...held, ...found }))
          if (applied) return { ...found, ageMs: 0, validForMs: ttlMs }
          // The lease ran out and another worker took the turn, so all workers use its value.
        }
      } finally {
        changed.forget()
      }
    }
  }

  /** Resolves when the holder's pause is over, when the holder has ended, or after `atMostMs`. */
  const untilGoesOn = async (ref: InputOf<'discoveries.look'>, atMostMs: number, signal: AbortSignal) => {
    const until = clock.monotonic() + atMostMs
    for (let leftMs = atMostMs; leftMs > 0; leftMs = until - clock.monotonic()) {
      signal.throwIfAborted()
      const changed = nextChange(listen, clock, signal)
      try {
        const there = await store.call('discoveries.look', ref)
        if (there.status !== 'waiting' || !there.stands) return
        await changed.wait(leftMs)
      } finally {
        changed.forget()
      }
    }
  }

  /**
   * After a wait, reads the discovery first, because the value is most likely there, and reading is
   * faster than acquiring the turn.
   */
  const ask = async (ref: InputOf<'discoveries.look'>, waited: boolean, lease: Lease) => {
    const there = waited ? await store.call('discoveries.look', ref) : undefined
    if (there === undefined || there.status === 'unsettled') {
      return store.call('discoveries.acquire', { ...ref, ...lease })
    }
    return there
  }

  /**
   * Runs `fn` as the holder of the turn. Returns undefined if `fn` failed and the discovery has to
   * be read again, because it is retried or another worker has completed it.
   */
  const runHeld = async (
    held: { jobId: number; attempt: number; key: string; fence: number; ttlMs: number | null },
    fn: () => Promise<Json>,
    {
      retries,
      open,
      reasonOf,
    }: Required<Pick<OnceLimits, 'retries' | 'reasonOf'>> & { readonly open: () => boolean },
  ): Promise<{ readonly value: Json } | undefined> => {
    try {
      return { value: await fn() }
    } catch (error) {
      // The wait also gives a dying browser time to be recognised as crashed.
      const reason = await reasonOf(error)
      // A worker that is stopped, or retries, has not proven that the work is impossible, so the
      // next worker tries. The worker may hold other discoveries, which go on.
      if (open()) await store.call('discoveries.yield', held)
      else {
        const failedDiscovery = {
          ...held,
          retries,
          error: sanitiseRecord(errorToRecord(classifyError(reason, null))),
        }
        // Another worker may have completed the discovery since, so the caller reads it again.
        const { applied, again } = await store.call('discoveries.fail', failedDiscovery)
        if (again || !applied) return undefined
      }
      throw error
    }
  }

  return { once, offer }
}

function fenced(jobId: number, attempt: number): AutomateError {
  const message = `Job ${jobId} has continued without this worker's attempt ${attempt}, so its result is not accepted.`
  return new AutomateError('fenced', message, { facts: { jobId, attempt } })
}

const itself = (thrown: unknown) => Promise.resolve(thrown)

/**
 * Returns a listener that renews a holder's lease at the start and at the end of a wait, so that no
 * other worker takes the turn. The remaining time of the lease does not run during the wait.
 */
function pausableLease(
  leaseMs: number,
  clock: Clock,
  renew: (leaseMs: number, stands: boolean) => void,
): PauseListener {
  let restMs = leaseMs
  let since: number | null = clock.monotonic()
  return atMostMs => {
    if (since !== null) restMs = Math.max(SHORTEST_LEASE_MS, restMs - (clock.monotonic() - since))
    since = atMostMs === null ? clock.monotonic() : null
    renew(Math.ceil(restMs + (atMostMs ?? 0)), atMostMs !== null)
  }
}
