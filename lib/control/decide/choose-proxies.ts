import { createHash } from 'node:crypto'
import type { ProxyHealth, ProxyRotation } from '../../model/proxy/proxy.ts'

/** A proxy of the pool as it stands now. */
export interface Candidate extends ProxyHealth {
  /** Workers that use it right now. */
  readonly inUse: number
  /** It has failed for this job already. */
  readonly tried: boolean
}

export interface Wanted {
  readonly rotation: ProxyRotation
  /** What `sticky` sticks to: the same key gets the same proxy for as long as that one works. */
  readonly key: string
  /** How many workers need one. */
  readonly count: number
  /** Most workers at once on each; null for as many as there are. */
  readonly most: number | null
}

export type Choice =
  /** One id for each worker: another one for each while there are enough. Fewer than were wanted where the rest have all the workers that they may have. */
  | { readonly type: 'take'; readonly ids: readonly string[] }
  /** None may be used before this instant: all have failed a short while ago, or those that have not are `full`. */
  | { readonly type: 'wait'; readonly until: number; readonly why: 'cooling' | 'full' }

/** A proxy on trial is in use: its job tells in its own time, so it is looked at this often. */
const TRIAL_LOOK_MS = 2_000

/**
 * Chooses proxies for the workers of one job. A proxy that failed is left alone until its pause is over; then one worker at a time tries it, until a success
 * makes it like the others. One that has failed for this job comes last of all: only when all have. `candidates` must not be empty.
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
  // On trial, one worker is enough; the rest of a swarm goes through what is known to work, where there is any.
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

/** What all proxies together leave to jobs. */
export interface ProxyRoom {
  /** Most workers at once. */
  readonly workers: number
  /** When the first pause is over, and there may be room for more; null when none is paused. */
  readonly moreAt: number | null
}

/**
 * Tells how many workers the proxies can have together, of which each may have `most`: a paused one those that it still has, one on trial a single one. Never none:
 * a job that asks is told until when all are paused.
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
 * Rendezvous hashing: each key has an order of preference of its own among the proxies, which a proxy that comes or goes does not change for the others.
 */
function weightOf(key: string, id: string): string {
  return createHash('sha256').update(`${key}\n${id}`).digest('hex')
}
