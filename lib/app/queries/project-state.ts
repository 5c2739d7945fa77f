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

/** What a project's scheduler, services and workers are doing; no scheduler has run where there is none. */
export interface ProjectState {
  readonly scheduler: SchedulerDocument | null
  readonly services: readonly ServiceDocument[]
  readonly workers: readonly WorkerDocument[]
}

/** Reads the documents of a project's state. `alone`: no scheduler runs, and what a killed one left there is no longer so. */
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

/** The services, with what is wanted of them by now: an operator may have said it while nothing ran. */
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
    // That it has failed stays worth knowing.
    ...(alone && service.actual !== 'failed' ? { actual: 'stopped', doing: null } : {}),
  }))
}

/**
 * Says of the service `scheduler` that the database cannot be written, where that is so. Its document cannot say it: the disk of the
 * database is most likely its own, and does not take the document either.
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

/** Reads the state as `readProjectState` does, and for how long the scheduler is silent, or why one that answers cannot write its state. */
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

/** Reads the scheduler's document. A damaged one is rewritten by the scheduler soon, and hides nothing else. */
export function readScheduler(path: string): SchedulerDocument | null {
  try {
    return readJsonIfExistsSync(path, SchedulerDocument) ?? null
  } catch (error) {
    process.stderr.write(`${sanitiseLine(messageOf(error))}\n`)
    return null
  }
}
