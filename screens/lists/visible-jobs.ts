import type { JobSummary } from '../../lib/model/job/job.ts'
import { jobMessage } from '../../lib/locales/format/wait-reason-words.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { attentionOf, jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import type { State } from '../state.ts'

/**
 * Returns the jobs that pass the filter: first the jobs that wait for a person, then the newest
 * jobs. A job passes if its row contains every word of the filter; upper and lower case do not
 * matter.
 */
export function visibleJobs({
  snapshot,
  jobsFilter,
  language,
}: Pick<State, 'snapshot' | 'jobsFilter' | 'language'>): readonly JobSummary[] {
  const calls = jobsNeedingAttention(snapshot?.workers ?? [])
  const isCalling = (job: JobSummary) => attentionOf(calls, job)?.for === 'person'
  const all = snapshot?.jobs ?? []
  const jobs = all.some(isCalling) ? [...all.filter(isCalling), ...all.filter(job => !isCalling(job))] : all
  const wanted = jobsFilter.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return jobs
  const { words } = translatorFor(language)
  return jobs.filter(job => {
    const { id, workflow, origin } = job
    const text = [`#${id}`, workflow, jobStateWords(job, calls, words), origin, jobMessage(job, words)]
      .join('\n')
      .toLowerCase()
    return wanted.every(word => text.includes(word))
  })
}
