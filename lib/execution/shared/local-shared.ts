import type { InputOf, OutputOf } from '../../store/operations/index.ts'
import type { SharedCall, SharedPort } from './shared-port.ts'

type Calls = { readonly [N in SharedCall]: (input: InputOf<N>) => OutputOf<N> }

/**
 * Returns the shared values of a worker that runs alone, without a store. Nothing outlives the
 * process.
 */
export function localShared(): SharedPort {
  const counters = new Map<string, number>()
  const marks = new Set<string>()
  const maps = new Map<string, Map<string, OutputOf<'shared.read'>>>()
  const mapOf = (name: string) => {
    const map = maps.get(name) ?? new Map<string, OutputOf<'shared.read'>>()
    maps.set(name, map)
    return map
  }
  const read = ({ map, key }: InputOf<'shared.read'>) => mapOf(map).get(key) ?? { version: 0, json: null }

  const calls: Calls = {
    'counters.increment': ({ name, by = 1, mark }) => {
      const value = counters.get(name) ?? 0
      const place = JSON.stringify([name, mark?.text])
      if (mark !== undefined && marks.has(place)) return { value }
      marks.add(place)
      counters.set(name, value + by)
      return { value: value + by }
    },
    'counters.read': ({ name }) => ({ value: counters.get(name) ?? 0 }),
    'shared.read': read,
    'shared.write': ({ map, key, json, seenVersion }) => {
      const current = read({ map, key })
      if (seenVersion !== undefined && seenVersion !== current.version) return { ...current, applied: false }
      const next = { version: current.version + 1, json }
      mapOf(map).set(key, next)
      return { ...next, applied: true }
    },
    'shared.list': ({ map, after = '' }) =>
      [...mapOf(map)]
        .flatMap(([key, { json }]) => (json === null || key <= after ? [] : [{ key, json }]))
        .sort(byKey),
  }
  return { call: (name, input) => Promise.resolve(calls[name](input)) }
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1
}
