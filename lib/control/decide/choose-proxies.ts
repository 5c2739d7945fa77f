import { createHash } from 'node:crypto'
import type { ProxyHealth, ProxyRotation } from '../../model/proxy/proxy.ts'

/** A proxy of the pool in its current state. */
export interface Candidate extends ProxyHealth {
  /** Number of workers that use the proxy now. */
  readonly inUse: number
  /** True if the proxy has already failed for this job. */
  readonly tried: boolean
}

export interface Wanted {
  readonly rotation: ProxyRotation
  /**
   * Key for the rotation `sticky`. Jobs with the same key use the same proxy for as long as it
   * works.
   */
  readonly key: string
  /** Number of workers that need a proxy. */
  readonly count: number
  /** Maximum number of workers at once on each proxy; null for no limit. */
  readonly most: number | null
}

export type Choice =
  /**
   * One proxy id for each worker, without repetition if there are enough proxies. Has fewer ids
   * than were wanted if all proxies are full.
   */
  | { readonly type: 'take'; readonly ids: readonly string[] }
  /**
   * No proxy can be used before `until` (epoch ms). `cooling`: all are paused after failures.
   * `full`: at least one is not paused, but none has room.
   */
  | { readonly type: 'wait'; readonly until: number; readonly why: 'cooling' | 'full' }

/**
 * Delay after which a job asks again for a proxy that is full or on trial. The end of the job that
 * uses the proxy is not reported here.
 */
const TRIAL_LOOK_MS = 2_000

/**
 * Chooses proxies for the workers of one job. A proxy that failed is not used until its pause is
 * over. Then one worker at a time tries it, until a success makes it healthy. A proxy that has
 * failed for this job is chosen only if all have. `candidates` must not be empty.
 */
export function chooseProxies(candidates: readonly Candidate[], wanted: Wanted, now: number): Choice {
  const untried = candidates.filter(({ tried }) => !tried)
  const eligible = untried.length > 0 ? untried : candidates
  const usable = eligible.filter(one => isUsable(one, now) && hasRoom(one, 0, wanted))
  if (usable.length === 0) {
    const why = eligible.every(one => coolUntil(one) > now) ? 'cooling' : 'full'
    return { type: 'wait', until: Math.min(...eligible.map(one => usableAt(one, now))), why }
  }
  const ordered = inOrder(usable, wanted)
  const healthy = ordered.filter(({ streak }) => streak === 0)
  // One worker is enough for a trial. The rest of a swarm uses healthy proxies, if there are any.
  const first = ordered.slice(0, wanted.count)
  const rest = healthy.length > 0 ? healthy : ordered
  const taken = first.map(({ id }) => id)
  for (let before = -1; taken.length < wanted.count && taken.length > before;) {
    before = taken.length
    for (const one of rest) {
      const own = taken.filter(id => id === one.id).length
      if (taken.length < wanted.count && hasRoom(one, own, wanted)) taken.push(one.id)
    }
  }
  return { type: 'take', ids: taken }
}

/** Capacity of all proxies together. */
export interface ProxyRoom {
  /** Maximum number of workers at once. */
  readonly workers: number
  /**
   * Epoch ms at which the first pause ends, so that there may be more capacity; null if no proxy is
   * paused.
   */
  readonly moreAt: number | null
}

/**
 * Returns the number of workers that all proxies together can have if each can have `most`. A
 * paused proxy counts with the workers that it still has, and a proxy on trial with one. The number
 * is at least 1, so that a job still asks for a proxy while all are paused, and receives the time
 * until which it must wait.
 */
export function roomOf(candidates: readonly Candidate[], most: number, now: number): ProxyRoom {
  const pauses = candidates.map(coolUntil).filter(until => until > now)
  const workers = candidates.reduce((sum, one) => sum + placesOf(one, most, now), 0)
  return { workers: Math.max(1, workers), moreAt: pauses.length === 0 ? null : Math.min(...pauses) }
}

function placesOf(one: Candidate, most: number, now: number): number {
  if (coolUntil(one) > now) return one.inUse
  return one.streak > 0 ? Math.max(1, one.inUse) : most
}

function isUsable({ streak, inUse, ...rest }: Candidate, now: number): boolean {
  return coolUntil(rest) <= now && (streak === 0 || inUse === 0)
}

function hasRoom({ inUse }: Candidate, more: number, { most }: Wanted): boolean {
  return most === null || inUse + more < most
}

function usableAt(one: Candidate, now: number): number {
  return coolUntil(one) > now ? coolUntil(one) : now + TRIAL_LOOK_MS
}

const coolUntil = ({ coolUntil: until }: Pick<Candidate, 'coolUntil'>): number => until ?? 0

function inOrder(candidates: readonly Candidate[], { rotation, key }: Wanted): Candidate[] {
  switch (rotation) {
    case 'round-robin':
      return candidates.toSorted((a, b) => (a.lastUsedAt ?? -1) - (b.lastUsedAt ?? -1) || a.uses - b.uses)
    case 'least-used':
      return candidates.toSorted((a, b) => a.inUse - b.inUse || a.uses - b.uses)
    case 'sticky':
      return candidates
        .map(one => ({ one, weight: weightOf(key, one.id) }))
        .sort((a, b) => (a.weight < b.weight ? 1 : -1))
        .map(({ one }) => one)
  }
}

/**
 * Returns the weight of a proxy for a key, by rendezvous hashing. Each key has its own order of
 * preference among the proxies. An added or removed proxy does not change the order of the others.
 */
function weightOf(key: string, id: string): string {
  return createHash('sha256').update(`${key}\n${id}`).digest('hex')
}
