import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/time/clock.ts'
import { refuseDanglingLink } from '../../core/disk/dangling-link.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { newId } from '../../core/ids.ts'
import { ProjectPaths } from '../../core/process/paths.ts'
import { requireWanted } from '../../store/open-database.ts'
import { openStore } from '../../store/open-store.ts'
import { livingScheduler } from '../../store/ownership/living-owner.ts'
import { databaseExists } from '../../store/quarantine.ts'
import type { Store } from '../../store/store.ts'
import type { Project } from './project.ts'
import { refuseRoot } from './refuse-root.ts'

/** Longest wait for a command that owns the store for a moment. */
export const STORE_TIMEOUT_MS = 15_000

/** The part of the store that a command uses. */
export type StoreCalls = Pick<Store, 'call'>

/**
 * Maximum number of owners that a command asks in succession if each owner ends before it replies.
 */
const OWNERS = 5

/**
 * Runs `use`, which only reads, with the project's store as `withStore` does. Creates no database.
 * In a project without a database, `use` reads an empty one in a temporary folder.
 * @throws `store-damaged` if a damaged database was quarantined and has not been replaced.
 * @throws `environment-unfit` if the folder of the database is a link to a missing target.
 */
export async function readStore<T>(
  project: Project,
  use: (store: StoreCalls, alone: boolean) => Promise<T>,
): Promise<T> {
  const { data, database, owner } = project.paths
  refuseDanglingLink(data)
  // Throws if `data` is a file instead of a folder.
  if (existsSync(data)) readdirSync(data)
  if (databaseExists(database) || livingScheduler(owner) !== undefined) return withStore(project, use)
  requireWanted(database)
  const folder = mkdtempSync(join(tmpdir(), 'automate-tui-read-'))
  try {
    return await withStore({ ...project, paths: new ProjectPaths(folder) }, use)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Runs `use` with the store of the running scheduler. If none runs, this command owns the store
 * until `use` ends, and `alone` is true. If another command owns the store and ends before it
 * replies, the next owner is asked with the same request id, so that no request is applied twice.
 * @throws `environment-unfit` if root runs this in the project of another user.
 */
export async function withStore<T>(
  project: Project,
  use: (store: StoreCalls, alone: boolean) => Promise<T>,
): Promise<T> {
  refuseRoot(project.paths.root, process.env)
  const open = () =>
    openStore({
      paths: project.paths,
      role: 'transient',
      clock: systemClock,
      waitMs: STORE_TIMEOUT_MS,
    })
  let store = open()
  try {
    const { role } = await store
    const calls: StoreCalls = {
      call: async (name, input, options = {}) => {
        const id = options.id ?? newId(systemClock.now())
        for (let owner = 1; ; owner += 1) {
          const asked = store
          try {
            return await (await asked).call(name, input, { id })
          } catch (error) {
            if (errorCode(error) !== 'store-closed' || owner === OWNERS) throw error
            // Of several concurrent calls, the first one opens the store again for all of them.
            if (store === asked) store = open()
          }
        }
      },
    }
    return await use(calls, role === 'transient')
  } finally {
    await store.then(
      last => last.close(),
      () => undefined,
    )
  }
}
