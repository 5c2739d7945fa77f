import type { Json } from '../../core/errors.ts'
import type { Judge } from '../../authoring/runnable.ts'
import type { Coordination } from './coordination.ts'

/** The coordination of a worker that is alone: no store, nothing outlives the process. */
export function localCoordination(judge: Judge): Coordination {
  const values = new Map<string, Promise<Json>>()
  let best: { readonly result: Json; readonly targetMet: boolean } | undefined
  return {
    once: (key, fn, { triesAgain }) => {
      const running = values.get(key) ?? fn()
      values.set(key, running)
      if (triesAgain === true) running.catch(() => values.delete(key))
      return running
    },
    offer: result =>
      new Promise(resolve => {
        const accepted = best === undefined || judge.better(result, best.result)
        if (accepted) best = { result, targetMet: judge.meetsTarget(result) }
        resolve({ accepted, targetMet: best?.targetMet ?? false })
      }),
  }
}
