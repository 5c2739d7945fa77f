import { logActivity, translatorOf } from '../binding.ts'
import { jobEntries } from '../details/job-entries.ts'
import type { JobDetail, Lookup, LookupResult } from '../../lib/app/port/lookup.ts'
import type { DetailsView } from '../overlays/overlay-state.ts'
import { jsonInLine } from '../forms/row-field.ts'
import type { State } from '../state.ts'

/** Interval at which an open job is reread, because a running job changes. */
const READ_EVERY_MS = 1_000

type JobLookup = Extract<Lookup, { type: 'job' }>

/** Returns the state with a request to open a job. */
export const jobWanted = (state: State, id: number): State => ({
  ...state,
  job: { ...state.job, wanted: id },
})

const shownJob = ({ overlay }: State): DetailsView['job'] =>
  overlay?.type === 'record' ? overlay.job : undefined

export function jobLookup(state: State): JobLookup | null {
  const { wanted, stale } = state.job
  if (wanted !== null) return { type: 'job', id: wanted }
  const shown = shownJob(state)
  return shown !== undefined && stale ? { type: 'job', id: shown.id } : null
}

export function jobTick(state: State): State {
  const due = shownJob(state) !== undefined && state.now >= state.job.readAt + READ_EVERY_MS
  return due && !state.job.stale ? { ...state, job: { ...state.job, stale: true } } : state
}

/** Opens the job or updates its record, unless the operator has left it. */
export function jobAnswered(state: State, { id }: JobLookup, result: LookupResult): State {
  const { wanted } = state.job
  // The operator has asked for another job in the meantime. The next lookup reads it.
  if (wanted !== null && wanted !== id) return state
  const next: State = { ...state, job: { wanted: null, readAt: state.now, stale: false } }
  if (!result.ok) return logActivity(next, '', result.message, 'bad')
  const { answer } = result
  if (answer.type !== 'job') return next
  const shown = shownJob(state)
  if (shown?.id === id && state.overlay?.type === 'record') {
    return { ...next, overlay: { ...state.overlay, ...recordOf(next, answer.detail, shown.told) } }
  }
  const here = state.overlay === null && state.dialog === null && state.screen === 'jobs'
  if (!here || wanted === null) return next
  return { ...next, overlay: { type: 'record', offset: 0, ...recordOf(next, answer.detail, null) } }
}

function recordOf(state: State, detail: JobDetail, told: number | null) {
  const t = translatorOf(state)
  const { id, workflow, result } = detail.job
  return {
    title: t.words.dialog.jobTitle(id, workflow),
    entries: jobEntries(detail, state, t),
    job: { id, result: result === null ? null : jsonInLine(JSON.stringify(result)), told },
  }
}
