import type { CrashSummary } from '../lib/model/failure/crash.ts'
import type { ServiceDocument, WorkerDocument } from '../lib/model/worker/documents.ts'
import { DEAD_STATES } from '../lib/model/job/job.ts'
import type { JobSummary } from '../lib/model/job/job.ts'
import type { Schedule } from '../lib/model/schedule/schedule.ts'
import type { Snapshot } from '../lib/app/port/snapshot.ts'
import { isBusy } from '../lib/app/port/worker-slots.ts'
import { crashRows, crashesSelected } from './lists/crash-rows.ts'
import { rowId } from '../lib/app/port/database.ts'
import { visibleJobs } from './lists/visible-jobs.ts'
import { PREFERENCES } from './queries/settings-view.ts'
import { focusedPane } from './state.ts'
import type { ListPane, PaneName } from './panes.ts'
import type { State } from './state.ts'

/** Parts of the state from which rows are made. */
type RowSource = Pick<
  State,
  'snapshot' | 'database' | 'settings' | 'screen' | 'openCauses' | 'jobsFilter' | 'language'
>

const ROW_IDS: Readonly<Record<ListPane, (state: RowSource) => string[]>> = {
  services: ({ snapshot }) => snapshot?.services.map(({ name }) => name) ?? [],
  workers: ({ snapshot }) => snapshot?.workers.map(({ workerId }) => workerId) ?? [],
  jobs: state => visibleJobs(state).map(({ id }) => String(id)),
  schedules: ({ snapshot }) => snapshot?.schedules.map(({ name }) => name) ?? [],
  crashes: state => crashRows(state).map(({ id }) => id),
  tables: ({ database }) => database.tables.map(({ name }) => name),
  rows: ({ database: { shown } }) => shown?.page.rows.map(row => rowId(shown.page.table, row)) ?? [],
  preferences: () => [...PREFERENCES],
  channels: ({ settings }) => settings.answer?.channels.map(({ channel }) => channel) ?? [],
  proxies: ({ settings }) => settings.answer?.proxies.map(({ id }) => id) ?? [],
  settings: ({ settings }) => settings.answer?.settings.map(({ setting }) => setting) ?? [],
}

/** Returns the ids of a pane's rows, in the order of the screen. */
export const rowIds = (state: RowSource, pane: ListPane): string[] => ROW_IDS[pane](state)

/**
 * Returns the selected ids for a new snapshot: the same id, or the id of the row that is now at the
 * same index. Panes with rows that do not come from the snapshot keep their selection.
 */
export function restoreSelection(state: State, next: Snapshot): State['selected'] {
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

/**
 * Returns the state with a selected row in each of these panes: the selected row if it still
 * exists, else the first.
 */
export function selectFirst(state: State, panes: readonly ListPane[]): State {
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

/**
 * Returns the worker that runs a job, or that ran it a moment ago. If the job has several workers,
 * returns the one that waits for a person, else the first.
 */
export function workerOfJob({ snapshot }: State, id: number): WorkerDocument | undefined {
  const members = snapshot?.workers.filter(({ job }) => job?.jobId === id) ?? []
  return members.find(({ waiting }) => waiting?.for === 'person') ?? members[0]
}

/** Returns the selected crash, or the newest crash of the selected cause. */
export const selectedCrash = (state: State): CrashSummary | undefined => crashesSelected(state)[0]

/**
 * Returns the job that a key acts on: the selected job, or the job of the selected worker or crash.
 */
export function targetJob(
  state: State,
): { readonly id: number; readonly job: JobSummary | undefined } | undefined {
  const id = targetJobId(state)
  if (id === undefined) return undefined
  return { id, job: state.snapshot?.jobs.find(job => job.id === id) }
}

/** Functions that return the id of the job for a pane's selected row. */
const JOB_IDS: Readonly<Partial<Record<PaneName, (state: State) => number | undefined>>> = {
  workers: state => selectedWorker(state)?.job?.jobId,
  jobs: ({ selected }) => (selected.jobs === null ? undefined : Number(selected.jobs)),
  crashes: state => selectedCrash(state)?.jobId,
}

const targetJobId = (state: State): number | undefined =>
  state.screen === 'worker' ? state.opened?.job?.jobId : JOB_IDS[focusedPane(state)]?.(state)

/**
 * Returns how many jobs run now: the store's count, or the number of jobs that busy workers have if
 * that is larger, because either number may be a moment late. Without a scheduler no job runs,
 * whatever a killed scheduler wrote to the store.
 */
export function runningJobs({ snapshot }: State): number {
  if (snapshot === null || snapshot.scheduler === null) return 0
  const live = snapshot.workers.filter(isBusy)
  return Math.max(snapshot.counts.running, new Set(live.map(({ job }) => job?.jobId)).size)
}

/** Returns how many jobs have failed for good or are parked. */
export const deadJobs = ({ snapshot }: State): number =>
  DEAD_STATES.reduce((sum, state) => sum + (snapshot?.counts[state] ?? 0), 0)

/** Returns how many workers are busy with a job. */
export const liveWorkers = ({ snapshot }: State): number => snapshot?.workers.filter(isBusy).length ?? 0
