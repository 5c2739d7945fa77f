import { logActivity, wordsOf } from '../binding.ts'
import { selectFirst } from '../selection.ts'
import { visibleJobs } from './visible-jobs.ts'
import type { State } from '../state.ts'

/** The state with only the jobs that have a text in their row; with an empty one, all. What is not shown any more is not marked either. */
export function filterJobs(state: State, jobsFilter: string, key: string): State {
  const { activity } = wordsOf(state)
  const next = { ...state, jobsFilter }
  const shown = new Set(visibleJobs(next).map(({ id }) => String(id)))
  const marked = { ...state.marked, jobs: state.marked.jobs.filter(id => shown.has(id)) }
  const said = jobsFilter === '' ? activity.jobsAll : activity.jobsFilter(jobsFilter)
  return logActivity(selectFirst({ ...next, marked }, ['jobs']), key, said)
}
