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
   * Role of this process.
   * `scheduler` owns the database. If another scheduler owns it, this process becomes a client of
   * that one, and the store's role is `client`. `transient` is a client of the owner if there is
   * one, and otherwise owns the database itself for a moment. `client` only connects, to any owner.
   * `follower` only connects, and only to a scheduler.
   */
  readonly role: OwnerRole | 'client' | 'follower'
  readonly clock: Clock
  /** Longest wait in ms for a transient owner to end, or for an owner to appear. */
  readonly waitMs: number
  /** Aborts the wait. The reason of the signal is then thrown. */
  readonly signal?: AbortSignal
  /** Kind of lock that determines the owner. By default, the kernel's lock if it is available. */
  readonly lock?: LockKind
  /** Folder with the migrations, instead of the package's own. */
  readonly migrations?: string
  /**
   * Thread in which an owner does the store's work. By default, a thread of its own for a
   * scheduler, which has other work, and the same thread for a command.
   */
  readonly thread?: 'own' | 'same'
}

/**
 * Interval of the attempts to own the database or to connect. An attempt costs 0.1 ms, and a
 * successor must own the file well within a second.
 */
const LOOK_AGAIN_MS = 20

/**
 * Longest wait for a connection. An owner normally replies within milliseconds, but a long
 * integrity check may delay it.
 */
const CONNECT_MS = 5_000

/**
 * Opens the store of a project.
 * @throws `store-busy` if another process owned the database during the whole wait.
 * @throws `store-closed` if a client found no owner, or a follower found no scheduler.
 * @throws the errors of opening a database (`store-damaged`, `store-newer`, `migration-changed`).
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
  // Loaded only here, because a worker is always a client and must not load these modules at its
  // start.
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
  // The previous owner was killed before it could remove the folder of its endpoint.
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

/**
 * Creates the store of an owner. If its thread cannot start (RLIMIT_NPROC), releases the lock and
 * removes the folder of the endpoint.
 */
async function ownerStore<T>(ownership: Ownership, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (thrown) {
    removeAddress(ownership.announcement.endpoint)
    await ownership.release()
    throw thrown
  }
}

/**
 * Returns the thread for an owner's work. A lock that is a folder must be renewed while the store
 * works, which needs a second thread.
 */
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
 * Returns false if a process of this role must wait for a transient owner to end instead of
 * connecting to it. A scheduler must own the database itself, and a follower would take the end of
 * a command for the end of a scheduler.
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
      `No scheduler runs in ${paths.root} (waited ${waitMs} ms). Start one with "automate-tui" and try again.`,
      { facts: { root: paths.root, waitMs } },
    )
  }
  const who = owner === undefined ? 'Another program' : `Process ${owner.pid} (${owner.role})`
  return new AutomateError(
    'store-busy',
    `${who} uses the database ${paths.database} and did not respond within ${waitMs} ms. Wait until it has ended, or end it, and try again.`,
    { facts: { database: paths.database, pid: owner?.pid ?? null, waitMs } },
  )
}
