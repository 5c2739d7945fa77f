import type { CrashSummary } from '../lib/domain/crash.ts'
import type { ServiceDocument, WorkerDocument } from '../lib/domain/documents.ts'
import { DEAD_STATES } from '../lib/domain/job.ts'
import type { JobSummary } from '../lib/domain/job.ts'
import type { Schedule } from '../lib/domain/schedule.ts'
import type { Snapshot } from './snapshot.ts'
import { crashRows, crashesSelected } from './crash-rows.ts'
import { rowId } from './database.ts'
import { PREFERENCES } from './settings-view.ts'
import { focusedPane } from './state.ts'
import type { ListPane, LogPane, PaneName } from './panes.ts'
import type { State } from './state.ts'

const LIST_PANES = [
  'services',
  'workers',
  'jobs',
  'crashes',
  'tables',
  'rows',
  'preferences',
  'channels',
  'proxies',
  'settings',
  'schedules',
] as const satisfies readonly ListPane[]

/** Tells whether a pane's rows are selected. */
export const isListPane = (pane: PaneName): pane is ListPane => LIST_PANES.some(each => each === pane)

/** Tells whether a pane follows its newest line. */
export const isLogPane = (pane: PaneName): pane is LogPane => pane === 'log' || pane === 'workerLog'

/** The ids of a pane's rows, in the order shown. */
export function rowIds(
  state: Pick<State, 'snapshot' | 'database' | 'settings' | 'screen' | 'openCauses'>,
  pane: ListPane,
): string[] {
  const { snapshot, database } = state
  const { answer } = state.settings
  switch (pane) {
    case 'tables':
      return database.tables.map(({ name }) => name)
    case 'rows': {
      const page = database.shown?.page
      return page === undefined ? [] : page.rows.map(row => rowId(page.table, row))
    }
    case 'preferences':
      return [...PREFERENCES]
    case 'channels':
      return answer?.channels.map(({ channel }) => channel) ?? []
    case 'proxies':
      return answer?.proxies.map(({ id }) => id) ?? []
    case 'settings':
      return answer?.settings.map(({ setting }) => setting) ?? []
    case 'crashes':
      return crashRows(state).map(({ id }) => id)
    case 'services':
    case 'workers':
    case 'jobs':
    case 'schedules':
      return snapshot === null ? [] : snapshotIds(snapshot, pane)
  }
}

function snapshotIds(snapshot: Snapshot, pane: 'services' | 'workers' | 'jobs' | 'schedules'): string[] {
  switch (pane) {
    case 'schedules':
      return snapshot.schedules.map(({ name }) => name)
    case 'services':
      return snapshot.services.map(({ name }) => name)
    case 'workers':
      return snapshot.workers.map(({ workerId }) => workerId)
    case 'jobs':
      return snapshot.jobs.map(({ id }) => String(id))
  }
}

/** The selection carried over to a new snapshot: the same id, or what stands now in its place. What no snapshot holds stays. */
export function reselected(state: State, next: Snapshot): State['selected'] {
  const keep = (pane: ListPane) => {
    const ids = rowIds({ ...state, snapshot: next }, pane)
    const id = state.selected[pane]
    if (id !== null && ids.includes(id)) return id
    const place = id === null ? 0 : Math.max(0, rowIds(state, pane).indexOf(id))
    return ids[Math.min(place, ids.length - 1)] ?? null
  }
  return {
    ...state.selected,
    services: keep('services'),
    workers: keep('workers'),
    jobs: keep('jobs'),
    crashes: keep('crashes'),
    schedules: keep('schedules'),
  }
}

/** The state with a row selected in each of these panes that has any: the same one, or the first. */
export function chosenAnew(state: State, panes: readonly ListPane[]): State {
  const chosen = panes.map(pane => {
    const ids = rowIds(state, pane)
    const id = state.selected[pane]
    return [pane, id !== null && ids.includes(id) ? id : (ids[0] ?? null)] as const
  })
  return { ...state, selected: { ...state.selected, ...Object.fromEntries(chosen) } }
}

export function selectedService({ snapshot, selected }: State): ServiceDocument | undefined {
  return snapshot?.services.find(({ name }) => name === selected.services)
}

export function selectedSchedule({ snapshot, selected }: State): Schedule | undefined {
  return snapshot?.schedules.find(({ name }) => name === selected.schedules)
}

export function selectedWorker({ snapshot, selected }: State): WorkerDocument | undefined {
  return snapshot?.workers.find(({ workerId }) => workerId === selected.workers)
}

/** The crash that is selected, or the newest of the cause that is. */
export const selectedCrash = (state: State): CrashSummary | undefined => crashesSelected(state)[0]

/** The job that a key acts on: the selected one, or that of the selected worker or crash. */
export function targetJob(
  state: State,
): { readonly id: number; readonly job: JobSummary | undefined } | undefined {
  const id = targetJobId(state)
  if (id === undefined) return undefined
  return { id, job: state.snapshot?.jobs.find(job => job.id === id) }
}

function targetJobId(state: State): number | undefined {
  if (state.screen === 'worker') return state.opened?.job?.jobId
  switch (focusedPane(state)) {
    case 'workers':
      return selectedWorker(state)?.job?.jobId
    case 'jobs':
      return state.selected.jobs === null ? undefined : Number(state.selected.jobs)
    case 'crashes':
      return selectedCrash(state)?.jobId
    case 'tables':
    case 'rows':
    case 'preferences':
    case 'channels':
    case 'proxies':
    case 'settings':
    case 'schedules':
    case 'services':
    case 'log':
    case 'workerLog':
    case 'timeline':
    case 'facts':
      return undefined
  }
}

/** How many jobs run now, by the counts or by the workers, whichever knows of more: either may be a moment late. */
export function runningJobs({ snapshot }: State): number {
  const live = snapshot?.workers.filter(isAtWork) ?? []
  return Math.max(snapshot?.counts.running ?? 0, new Set(live.map(({ job }) => job?.jobId)).size)
}

/** How many jobs have failed for good or are parked. */
export const deadJobs = ({ snapshot }: State): number =>
  DEAD_STATES.reduce((sum, state) => sum + (snapshot?.counts[state] ?? 0), 0)

/** How many workers are at work on a job. */
export const liveWorkers = ({ snapshot }: State): number => snapshot?.workers.filter(isAtWork).length ?? 0

/** Tells whether a worker has a job that it has not ended. */
export const isAtWork = ({ state, job }: WorkerDocument): boolean =>
  state !== 'exited' && state !== 'kept' && job !== null

/** Tells whether it stands in the place of another worker: at work, or with a browser that is open to be looked at. */
export const takesSlot = (worker: WorkerDocument): boolean => isAtWork(worker) || worker.state === 'kept'
