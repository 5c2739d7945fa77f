import { messageOf } from '../../core/errors/errors.ts'
import { refusedWrites } from '../../control/store-writes.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { systemClock } from '../../core/time/clock.ts'
import { SchedulerDocument, ServiceDocument, WorkerDocument } from '../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import { silenceOf } from '../../model/notify/scheduler-silence.ts'
import type { Snapshot } from '../port/snapshot.ts'
import { unwrittenState } from './unwritten-state.ts'
import { readDocuments } from './read-documents.ts'
import { isWriteRefused } from '../../store/write-refused.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * State of a project's scheduler, services and workers. `scheduler` is null if no scheduler has
 * ever run.
 */
export interface ProjectState {
  readonly scheduler: SchedulerDocument | null
  readonly services: readonly ServiceDocument[]
  readonly workers: readonly WorkerDocument[]
}

/**
 * Reads the state documents of a project. If `alone`, no scheduler runs, and the documents of a
 * killed scheduler are corrected to say so.
 */
export async function readProjectState(
  paths: ProjectPaths,
  store: StoreCalls,
  alone: boolean,
): Promise<ProjectState> {
  const scheduler = readScheduler(paths.schedulerState)
  const workers = await readDocuments(paths.workerStates, WorkerDocument)
  const services = await readServices(paths, store, alone)
  if (!alone) return { scheduler, services: await withWrites(services, paths, store), workers }
  return {
    scheduler: scheduler === null ? null : { ...scheduler, phase: 'stopped', active: 0, idle: 0 },
    services,
    workers: workers.filter(({ state }) => state === 'exited'),
  }
}

/**
 * Returns the services with their desired states from the store, which an operator may have changed
 * while no scheduler ran.
 */
async function readServices(
  paths: ProjectPaths,
  store: StoreCalls,
  alone: boolean,
): Promise<ServiceDocument[]> {
  const desiredStates = new Map(
    (await store.call('services.list', {})).map(({ name, desired }) => [name, desired]),
  )
  const services = await readDocuments(paths.serviceStates, ServiceDocument)
  return services.map(service => ({
    ...service,
    desired: desiredStates.get(service.name) ?? service.desired,
    // A failed service is still shown as failed.
    ...(alone && service.actual !== 'failed' ? { actual: 'stopped', doing: null } : {}),
  }))
}

/**
 * If the database cannot be written, adds that problem to the service `scheduler`. The document of
 * the service cannot contain it, because most likely the disk of the database refuses the document
 * too.
 */
async function withWrites(
  services: readonly ServiceDocument[],
  { root }: ProjectPaths,
  store: StoreCalls,
): Promise<readonly ServiceDocument[]> {
  try {
    await store.call('store.probe', {})
    return services
  } catch (error) {
    // A scheduler of an earlier version has no such check.
    if (!isWriteRefused(error)) return services
    const doing = { what: 'trouble', message: sanitiseLine(refusedWrites(error, root)) } as const
    return services.map(service => (service.name === 'scheduler' ? { ...service, doing } : service))
  }
}

/**
 * Reads the state as `readProjectState` does, and adds for how long the scheduler has been silent,
 * or the reason why a responding scheduler cannot write its state.
 */
export async function readSchedulerState(
  paths: ProjectPaths,
  store: StoreCalls,
  alone: boolean,
): Promise<ProjectState & Pick<Snapshot, 'silentMs' | 'unwritten'>> {
  const state = await readProjectState(paths, store, alone)
  const silentMs = silenceOf(state.scheduler, systemClock.now())
  const unwritten = silentMs === null ? null : await unwrittenState(store, paths.state)
  return { ...state, silentMs: unwritten === null ? silentMs : null, unwritten }
}

/**
 * Reads the scheduler's document; null if there is none. A damaged document also counts as none and
 * is reported on stderr, because the scheduler soon writes it again.
 */
export function readScheduler(path: string): SchedulerDocument | null {
  try {
    return readJsonIfExistsSync(path, SchedulerDocument) ?? null
  } catch (error) {
    process.stderr.write(`${sanitiseLine(messageOf(error))}\n`)
    return null
  }
}
