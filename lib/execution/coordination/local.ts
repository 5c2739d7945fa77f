import type { Clock } from '../../core/time/clock.ts'
import type { Json } from '../../core/errors/errors.ts'
import type { ResultComparator } from '../../authoring/workflow-runtime.ts'
import type { Coordination } from './coordination.ts'

interface Round {
  readonly value: Promise<Json>
  /**
   * Time at which the value or the error was known, on the monotonic clock, in ms; undefined
   * before.
   */
  settledAt: number | undefined
}

/**
 * Returns the coordination of a worker that runs alone, without a store. Nothing outlives the
 * process.
 */
export function localCoordination(judge: ResultComparator, clock: Clock): Coordination {
  const rounds = new Map<string, Round>()
  let best: { readonly result: Json; readonly targetMet: boolean } | undefined

  const ageOf = ({ settledAt }: Round) => (settledAt === undefined ? 0 : clock.monotonic() - settledAt)

  return {
    once: async (key, fn, { triesAgain = false, ttlMs = null, retries = 0 }) => {
      let round = rounds.get(key)
      if (round === undefined || (ttlMs !== null && ageOf(round) >= ttlMs)) {
        const begun: Round = { value: tryOften(fn, retries), settledAt: undefined }
        rounds.set(key, (round = begun))
        const settled = () => {
          begun.settledAt = clock.monotonic()
        }
        begun.value.then(settled, () => (triesAgain ? rounds.delete(key) : settled()))
      }
      const value = await round.value
      const ageMs = ageOf(round)
      return { value, ageMs, validForMs: ttlMs === null ? null : Math.max(0, ttlMs - ageMs) }
    },
    offer: result =>
      new Promise(resolve => {
        const accepted = best === undefined || judge.better(result, best.result)
        if (accepted) best = { result, targetMet: judge.meetsTarget(result) }
        resolve({ accepted, targetMet: best?.targetMet ?? false })
      }),
  }
}

async function tryOften(fn: () => Promise<Json>, retries: number): Promise<Json> {
  for (let left = retries; ; left--) {
    try {
      return await fn()
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
