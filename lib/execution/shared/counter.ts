import type { Counter } from '../../authoring/shared-values.ts'
import type { SharedPort } from './shared-port.ts'

/** A counter in the store: each addition is one transaction of the owner, so that none is lost between workers. Marks are those of the job. */
export function sharedCounter(store: SharedPort, name: string, jobId: number): Counter {
  return {
    add: async (by = 1, { mark } = {}) => {
      const input = { name, by, ...(mark === undefined ? {} : { mark: { jobId, text: mark } }) }
      return (await store.call('counters.increment', input)).value
    },
    value: async () => (await store.call('counters.read', { name })).value,
  }
}
