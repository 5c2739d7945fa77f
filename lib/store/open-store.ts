import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'
import { AutomateError } from '../core/errors/errors.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import { ClientStore } from './client-store.ts'
import { makeAddress, removeAddress } from './endpoint/address.ts'
import { connectEndpoint } from './endpoint/connect.ts'
import { readOwnerRecord } from './ownership/owner-record.ts'
import type { OwnerRecord, LockKind, OwnerRole } from './ownership/owner-record.ts'
import type { Ownership } from './ownership/ownership.ts'
import type { Store } from './store.ts'
import { discardPrewarmed, takePrewarmed } from './thread/prewarmed-thread.ts'
import type { StoreThread } from './thread/thread-messages.ts'

export interface OpenStore {
  readonly paths: ProjectPaths
  /**
   * `scheduler` owns the database, or is a client of the scheduler that owns it (then the store's role says `client`).
   * `transient` is a client of whoever owns it, or owns it for the moment. `client` only connects, to any owner;
   * `follower` only connects, to a scheduler.
   */
  readonly role: OwnerRole | 'client' | 'follower'
  readonly clock: Clock
  /** How long to wait for another's moment to pass, or for an owner to appear. */
  readonly waitMs: number
  /** Ends the wait, which then throws the reason of the signal. */
  readonly signal?: AbortSignal
  /** Which lock makes the owner; without it the kernel's where it can be reached. */
  readonly lock?: LockKind
  /** Another folder of migrations than the package's own. */
  readonly migrations?: string
  /** Where an owner's work is done; without it in a thread of its own for a scheduler, which does other things, and in the same thread for the moment of a command. */
  readonly thread?: 'own' | 'same'
}

/** A look costs 0.1 ms; a successor is to own the file well within a second. */
const LOOK_AGAIN_MS = 20

/** An owner answers within milliseconds; a long integrity check may hold it up. */
const CONNECT_MS = 5_000

/**
 * Opens the store of a project. Thrown: `store-busy` when another process held the database all the time, `store-closed` when a client
 * found no owner or a follower no scheduler, and what opening a database throws (`store-damaged`, `store-newer`, `migration-changed`).
 */
export async function openStore(options: OpenStore): Promise<Store> {
  const { clock, waitMs, role, paths, signal } = options
  const until = clock.monotonic() + waitMs
  for (;;) {
    const store = (await own(options)) ?? (await join(options, until))
    if (store !== undefined) return store
    signal?.throwIfAborted()
    if (clock.monotonic() >= until) throw nobodyAnswered(paths, role, waitMs)
    await delay(LOOK_AGAIN_MS, clock, signal)
  }
}

async function own(options: OpenStore): Promise<Store | undefined> {
  const { role, paths, clock, lock } = options
  if (role === 'client' || role === 'follower') return undefined
  // A worker, always a client, does not spend its start on these.
  const { takeOwnership } = await import('./ownership/ownership.ts')
  const { OwnerStore } = await import('./owner-store.ts')
  const earlier = readOwnerRecord(paths.owner)
  const ownership = await takeOwnership({
    paths,
    role,
    now: clock.now(),
    makeEndpoint: () => makeAddress(paths.data),
    lock,
  })
  if (ownership === undefined) return undefined
  // A killed owner could not clear its folder away.
  if (earlier !== undefined) removeAddress(earlier.endpoint)
  const store = await ownerStore(
    ownership,
    async () => new OwnerStore(ownership, options, await threadFor(ownership, options.thread)),
  )
  try {
    await store.ready
    return store
  } catch (thrown) {
    await store.closed
    throw thrown
  }
}

/** Makes the store of an owner. Where its thread cannot start (RLIMIT_NPROC), the lock and the folder of the endpoint are given up. */
async function ownerStore<T>(ownership: Ownership, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (thrown) {
    removeAddress(ownership.announcement.endpoint)
    await ownership.release()
    throw thrown
  }
}

/** A lock folder is renewed while the store works, which needs a second thread. */
async function threadFor(
  { announcement: { role, lock } }: Ownership,
  thread = role === 'scheduler' ? 'own' : 'same',
): Promise<StoreThread> {
  if (thread === 'own' || lock === 'lockfile') return takePrewarmed()
  const { SameThread } = await import('./thread/same-thread.ts')
  return new SameThread()
}

async function join({ role, paths, clock }: OpenStore, until: number): Promise<Store | undefined> {
  const owner = readOwnerRecord(paths.owner)
  if (owner === undefined || !joins(role, owner)) return undefined
  const waitMs = Math.max(LOOK_AGAIN_MS, Math.min(CONNECT_MS, until - clock.monotonic()))
  const connection = await connectEndpoint(owner.endpoint, owner.token, waitMs, clock)
  if (connection !== undefined) discardPrewarmed()
  return connection === undefined ? undefined : new ClientStore(connection, owner, clock)
}

/**
 * Returns false for a transient owner that is to end first: a scheduler is there to schedule, not to look on, and a follower
 * would take the end of a command for that of a scheduler.
 */
function joins(role: OpenStore['role'], owner: OwnerRecord): boolean {
  return role === 'transient' || role === 'client' || owner.role === 'scheduler'
}

function nobodyAnswered(paths: ProjectPaths, role: OpenStore['role'], waitMs: number): AutomateError {
  const owner = readOwnerRecord(paths.owner)
  const noScheduler = owner === undefined || owner.role === 'transient'
  if ((role === 'client' && owner === undefined) || (role === 'follower' && noScheduler)) {
    return new AutomateError(
      'store-closed',
      `No automate-tui runs in ${paths.root} (waited ${waitMs} ms). Start one with "automate-tui" and try again.`,
      { facts: { root: paths.root, waitMs } },
    )
  }
  const who = owner === undefined ? 'Another program' : `Process ${owner.pid} (${owner.role})`
  return new AutomateError(
    'store-busy',
    `${who} holds the database ${paths.database} and did not answer within ${waitMs} ms. Wait for it to end, or end it, and try again.`,
    { facts: { database: paths.database, pid: owner?.pid ?? null, waitMs } },
  )
}
