import type { Counter } from '../../authoring/shared-values.ts'
import type { SharedPort } from './shared-port.ts'

/** A counter in the store: each addition is one transaction of the owner, so that none is lost between workers. */
export function sharedCounter(store: SharedPort, name: string): Counter {
  return {
    add: async (by = 1, { mark } = {}) => {
      const input = { name, by, ...(mark === undefined ? {} : { mark }) }
      return (await store.call('counters.increment', input)).value
    },
    value: async () => (await store.call('counters.read', { name })).value,
  }
}
