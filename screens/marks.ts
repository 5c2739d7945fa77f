import type { JobSummary } from '../lib/domain/job.ts'
import { jobEnded } from '../lib/domain/job.ts'
import { rowIds } from './selection.ts'
import type { Snapshot } from './snapshot.ts'
import { focusedPane } from './state.ts'
import type { MarkPane, PaneName } from './panes.ts'
import type { State } from './state.ts'

const MARK_PANES = ['jobs', 'crashes', 'rows'] as const satisfies readonly MarkPane[]

/** The focused pane, where its rows can be marked. */
export function markPane(state: State): MarkPane | undefined {
  const pane: PaneName = focusedPane(state)
  return state.help.open ? undefined : MARK_PANES.find(each => each === pane)
}

/** The marks that are still on rows of a new snapshot. */
export function remarked(state: State, next: Snapshot): State['marked'] {
  const { marked } = state
  const keep = (pane: MarkPane): readonly string[] => {
    if (marked[pane].length === 0) return marked[pane]
    const there = new Set(rowIds({ ...state, snapshot: next }, pane))
    return marked[pane].filter(id => there.has(id))
  }
  return { ...marked, jobs: keep('jobs'), crashes: keep('crashes') }
}

/** The jobs whose rows, or whose crashes, are marked in the focused pane; each once. */
export function markedJobs(state: State): readonly number[] {
  const pane = markPane(state)
  if (pane === undefined) return []
  const marked = new Set(state.marked[pane])
  if (pane === 'jobs') return [...marked].map(Number)
  const crashes = state.snapshot?.crashes ?? []
  return [...new Set(crashes.filter(({ id }) => marked.has(String(id))).map(({ jobId }) => jobId))]
}

const RETRYABLE = ['failed', 'cancelled', 'parked']

/** Tells whether a job can be run again; of one that is not listed any more only the store knows. */
export const canRetry = (job: JobSummary | undefined): boolean =>
  job === undefined || RETRYABLE.includes(job.state)

/** Tells whether there is something to cancel. */
export const canCancel = (job: JobSummary | undefined): boolean => job === undefined || !jobEnded(job.state)

/** Those of the marked jobs that can be cancelled, or run again. */
export function markedFor(state: State, verb: 'cancel' | 'retry'): readonly number[] {
  const can = verb === 'cancel' ? canCancel : canRetry
  return markedJobs(state).filter(id => can(state.snapshot?.jobs.find(job => job.id === id)))
}
