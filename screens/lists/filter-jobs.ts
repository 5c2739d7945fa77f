import { logActivity, wordsOf } from '../binding.ts'
import { selectFirst } from '../selection.ts'
import { visibleJobs } from './visible-jobs.ts'
import type { State } from '../state.ts'

/**
 * Returns the state with only the jobs that have a text in their row; an empty text shows all.
 * Hidden jobs lose their marks.
 */
export function filterJobs(state: State, jobsFilter: string, key: string): State {
  const { activity } = wordsOf(state)
  const next = { ...state, jobsFilter }
  const shown = new Set(visibleJobs(next).map(({ id }) => String(id)))
  const marked = { ...state.marked, jobs: state.marked.jobs.filter(id => shown.has(id)) }
  const said = jobsFilter === '' ? activity.jobsAll : activity.jobsFilter(jobsFilter)
  return logActivity(selectFirst({ ...next, marked }, ['jobs']), key, said)
}
