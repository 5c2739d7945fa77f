import type { JobSummary } from '../../lib/model/job/job.ts'
import { jobEnded, jobWaits } from '../../lib/model/job/job.ts'
import { crashesSelected } from './crash-rows.ts'
import { rowIds } from '../selection.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { focusedPane } from '../state.ts'
import type { MarkPane, PaneName } from '../panes.ts'
import type { State } from '../state.ts'

const MARK_PANES = ['jobs', 'crashes', 'rows'] as const satisfies readonly MarkPane[]

/** Returns the focused pane, if its rows can be marked. */
export function markPane(state: State): MarkPane | undefined {
  const pane: PaneName = focusedPane(state)
  return state.help.open ? undefined : MARK_PANES.find(each => each === pane)
}

/** Returns the marks after a new snapshot. Marks of rows that no longer exist are removed. */
export function restoreMarks(state: State, next: Snapshot): State['marked'] {
  const { marked } = state
  const keep = (pane: MarkPane): readonly string[] => {
    if (marked[pane].length === 0) return marked[pane]
    // Crashes in a closed group have no row, but keep their marks.
    const there = new Set(
      pane === 'crashes'
        ? next.crashes.map(({ id }) => String(id))
        : rowIds({ ...state, snapshot: next }, pane),
    )
    return marked[pane].filter(id => there.has(id))
  }
  return { ...marked, jobs: keep('jobs'), crashes: keep('crashes') }
}

/** Returns the jobs of the marked rows or crashes in the focused pane, each once. */
export function markedJobs(state: State): readonly number[] {
  const pane = markPane(state)
  if (pane === undefined) return []
  const marked = new Set(state.marked[pane])
  // A selected cause counts as if all its crashes were marked.
  if (pane === 'crashes' && marked.size === 0) {
    const jobs = [...new Set(crashesSelected(state).map(({ jobId }) => jobId))]
    return jobs.length > 1 ? jobs : []
  }
  if (pane === 'jobs') return [...marked].map(Number)
  const crashes = state.snapshot?.crashes ?? []
  return [...new Set(crashes.filter(({ id }) => marked.has(String(id))).map(({ jobId }) => jobId))]
}

const RETRYABLE = ['failed', 'cancelled', 'parked']

/**
 * True if a job can be run again. An unlisted job (`undefined`) counts as possible, because only
 * the store knows its state.
 */
export const canRetry = (job: JobSummary | undefined): boolean =>
  job === undefined || RETRYABLE.includes(job.state)

/** True if a job can be cancelled. */
export const canCancel = (job: JobSummary | undefined): boolean => job === undefined || !jobEnded(job.state)

/** True if a job still waits, so that its priority has an effect. */
export const canPrioritise = (job: JobSummary | undefined): boolean =>
  job === undefined || jobWaits(job.state)

const CAN = { cancel: canCancel, retry: canRetry, prioritise: canPrioritise }

/**
 * Returns the marked jobs that can be cancelled, run again, or get another priority. For a retry
 * the oldest job comes first, because a job can be retried only after the job that it waits for.
 */
export function markedFor(state: State, verb: keyof typeof CAN): readonly number[] {
  const ids = markedJobs(state).filter(id => CAN[verb](state.snapshot?.jobs.find(job => job.id === id)))
  return verb === 'retry' ? ids.toSorted((one, other) => one - other) : ids
}

/** Marks or unmarks the selected row. The row of a cause represents all its crashes. */
export function toggleMark(state: State, pane: MarkPane, id: string): State {
  const ids = pane === 'crashes' ? crashesSelected(state).map(crash => String(crash.id)) : [id]
  const before = state.marked[pane]
  const all = ids.every(each => before.includes(each))
  const others = before.filter(each => !ids.includes(each))
  return { ...state, marked: { ...state.marked, [pane]: all ? others : [...others, ...ids] } }
}
