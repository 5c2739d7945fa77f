import type { JobSummary } from '../lib/domain/job.ts'
import { translatorFor } from '../lib/locales/translator.ts'
import type { State } from './state.ts'

/** The jobs that the filter lets through, newest first: each of its words stands in the job's row, in capitals or not. */
export function jobsShown({
  snapshot,
  jobsFilter,
  language,
}: Pick<State, 'snapshot' | 'jobsFilter' | 'language'>): readonly JobSummary[] {
  const jobs = snapshot?.jobs ?? []
  const wanted = jobsFilter.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return jobs
  const { jobState } = translatorFor(language).words
  return jobs.filter(({ id, workflow, state, origin, errorMessage }) => {
    const text = [`#${id}`, workflow, jobState[state], origin, errorMessage ?? ''].join('\n').toLowerCase()
    return wanted.every(word => text.includes(word))
  })
}
