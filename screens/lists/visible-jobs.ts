import type { JobSummary } from '../../lib/model/job/job.ts'
import { jobMessage } from '../../lib/locales/format/wait-reason-words.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { attentionOf, jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import type { State } from '../state.ts'

/**
 * The jobs that the filter lets through: those that call a person first, the others newest first. Each word of the filter stands in the job's row, in capitals
 * or not.
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
