import { sanitiseBlock, sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import { isUnresolved, jobWaits, retriesOf, retriesUsed } from '../../lib/model/job/job.ts'
import type { Job } from '../../lib/model/job/job.ts'
import type { MemberRecord } from '../../lib/model/job/member-record.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { artefactEntry } from './artefact-entry.ts'
import { jsonLines } from './cell-text.ts'
import { inputShown } from '../forms/form-field.ts'
import { attentionOf, jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import { jobWaitWords } from '../../lib/locales/format/job-wait-words.ts'
import type { JobDetail } from '../../lib/app/port/lookup.ts'
import type { RecordEntry } from '../overlays/overlay-state.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { State } from '../state.ts'
import { waitingWords } from '../../lib/locales/format/waiting-words.ts'

/**
 * Maximum number of workers, of crashes and of files shown for a job. The latest are shown; a
 * report has all of them.
 */
const MOST_LINES = 20

/** Returns all facts of a job: state, result, request, times, requester and files. */
export function jobEntries(
  detail: JobDetail,
  { snapshot, now }: Pick<State, 'snapshot' | 'now'>,
  t: Translator,
): readonly RecordEntry[] {
  const { labels, columns, job: words, report } = t.words
  const { job, members, crashes, files } = detail
  const { error, result, priority } = job
  const at = (instant: number | null) => (instant === null ? '' : t.stamp(instant))
  const line = (name: string, text: string) => ({ name, text: sanitiseLine(text) })
  const live =
    snapshot?.workers.filter(worker => worker.job?.jobId === job.id && worker.outcome === null) ?? []
  const workers = [
    ...members.map(member => memberLine(member, t)),
    ...live.map(worker => liveLine(worker, t.words)),
  ]
  const input = inputShown(schemaOf(snapshot, job.workflow), job.input)
  const entries = [
    line(labels.state, stateText(detail, snapshot, t)),
    line(labels.workflow, job.workflow),
    {
      name: labels.error,
      text: error === null ? '' : sanitiseBlock(`${error.name} (${error.code}): ${error.message}`),
    },
    { name: words.result, text: result === null ? '' : jsonLines(JSON.stringify(result)) },
    { name: words.input, text: jsonLines(JSON.stringify(input)) },
    line(words.tries, report.attemptsOf(job.attempt, retriesUsed(job), retriesOf(job))),
    line(words.priority, priority > 0 ? `+${priority}` : String(priority)),
    line(words.workers, job.workers === 1 || isUnresolved(job, 'workers') ? '' : String(job.workers)),
    line(columns.queued, at(job.queuedAt)),
    line(words.due, jobWaits(job.state) && job.dueAt > now ? at(job.dueAt) : ''),
    line(labels.started, at(job.startedAt)),
    line(words.ended, endedText(job, t)),
    line(words.after, afterText(job, snapshot, t.words)),
    line(words.proxy, proxyText(job, t.words)),
    line(words.domains, job.domains.join(', ')),
    line(words.key, job.uniqueKey ?? ''),
    line(columns.origin, job.origin),
    line(words.late, job.lateReports === 0 ? '' : report.late(job.lateReports)),
    { name: t.words.panes.workers, text: workers.slice(-MOST_LINES).join('\n') },
    {
      name: t.words.panes.crashes,
      text: crashes
        .slice(0, MOST_LINES)
        .map(({ id, at: when, errorName, message }) =>
          sanitiseLine(`${id}: ${t.stamp(when)} ${errorName}: ${message}`),
        )
        .join('\n'),
    },
    ...files.slice(-MOST_LINES).map(one => artefactEntry(one, t.words)),
  ]
  return entries.filter(({ text }) => text !== '')
}

const schemaOf = (snapshot: Snapshot | null, workflow: string) =>
  snapshot?.scheduler?.workflows.find(({ name }) => name === workflow)?.inputSchema ?? {}

/** Returns the state of a job, and why the job waits. */
function stateText({ job, waits }: JobDetail, snapshot: Snapshot | null, t: Translator): string {
  const { jobState, job: words } = t.words
  const state = jobState[job.state]
  const call = attentionOf(jobsNeedingAttention(snapshot?.workers ?? []), job)
  const stands = call === undefined ? state : waitingWords(call, t.words)
  if (job.state === 'running')
    return job.cancelRequestedAt === null ? stands : `${stands}, ${words.cancelAsked}`
  const why = waits.map(wait => jobWaitWords(wait, t))
  return why.length === 0 ? state : `${state}: ${why.join('; ')}`
}

function endedText({ startedAt, endedAt }: Job, t: Translator): string {
  if (endedAt === null) return ''
  return startedAt === null ? t.stamp(endedAt) : `${t.stamp(endedAt)}, ${t.duration(endedAt - startedAt)}`
}

/** Returns the jobs that a job waits for, each with its state if the state is known. */
function afterText({ after, afterFailure }: Job, snapshot: Snapshot | null, words: Catalogue): string {
  if (after.length === 0) return ''
  const calls = jobsNeedingAttention(snapshot?.workers ?? [])
  const names = after.map(id => {
    const job = snapshot?.jobs.find(each => each.id === id)
    return job === undefined ? `#${id}` : `#${id} ${jobStateWords(job, calls, words)}`
  })
  return words.commands.jobFields.afterJobs(names.join(', '), afterFailure)
}

/** Returns the proxy request of a job, and the proxies that have failed for the job. */
function proxyText({ proxy, proxiesTried }: Job, { job: words }: Catalogue): string {
  const { use, key } = proxy ?? {}
  return [
    ...(use === undefined
      ? []
      : [use === 'never' ? words.noProxy : use === 'required' ? words.anyProxy : use]),
    ...(key === undefined ? [] : [words.proxyKey(key)]),
    ...(proxiesTried.length === 0 ? [] : [words.proxiesFailed(proxiesTried.join(', '))]),
  ].join(', ')
}

/** Returns the line of one worker: `try 1, 2 of 4: failed in 3/6 search: field q`. */
function memberLine({ attempt, member, members, outcome, history }: MemberRecord, t: Translator): string {
  const { labels, outcome: words, phaseTry } = t.words
  const place = members === 1 ? '' : `, ${labels.memberOf(member, members)}`
  const last = outcome.status === 'succeeded' ? undefined : (outcome.phase ?? history.at(-1))
  const where = last === undefined ? '' : `, ${formatPhase(last, phaseTry)}`
  return sanitiseLine(`${labels.attempt(attempt)}${place}: ${words[outcome.status]}${where}`)
}

function liveLine(
  { job, phase, state, waiting }: WorkerDocument,
  { labels, workerState, waitingState, phaseTry }: Catalogue,
): string {
  if (job === null) return ''
  const place = job.members === 1 ? '' : `, ${labels.memberOf(job.member, job.members)}`
  const where = phase === null ? '' : `, ${formatPhase(phase, phaseTry)}`
  const how = waiting === undefined ? workerState[state] : waitingState[waiting.for]
  return sanitiseLine(`${labels.attempt(job.attempt)}${place}: ${how}${where}`)
}
