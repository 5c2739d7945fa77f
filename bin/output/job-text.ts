import type { Json } from '../../lib/core/errors/errors.ts'
import { sanitiseBlock } from '../../lib/core/text/sanitise.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import { retriesOf, retriesUsed } from '../../lib/model/job/job.ts'
import type { Job } from '../../lib/model/job/job.ts'
import type { JobBlocker } from '../../lib/model/job/job-blocker.ts'
import type { Translator } from '../../lib/locales/translator.ts'
import { jobStateWords } from '../../lib/app/port/attention.ts'
import type { Attention } from '../../lib/app/port/attention.ts'
import { jobWaitWords } from '../../lib/locales/format/job-wait-words.ts'
import { localTime } from './output.ts'

/**
 * Returns one job for people, with one field per line: state, reason, request and outcome. Empty
 * fields are left out.
 */
export function jobText(
  job: Job,
  { calls, waits }: { readonly calls: Attention; readonly waits: readonly JobBlocker[] },
  t: Translator,
): string {
  const { words } = t
  const { jobFields } = words.commands
  const rows: [name: string, value: string | number][] = [
    [jobFields.job, job.id],
    [jobFields.workflow, job.workflow],
    [jobFields.state, jobStateWords(job, calls, words)],
    ...waits.map((wait): [string, string] => [jobFields.why, jobWaitWords(wait, t)]),
    [jobFields.next, job.state === 'parked' ? words.waits.retry(job.id) : ''],
    [jobFields.attempt, words.report.attemptsOf(job.attempt, retriesUsed(job), retriesOf(job))],
    [
      jobFields.after,
      job.after.length === 0 ? '' : jobFields.afterJobs(job.after.join(', '), job.afterFailure),
    ],
    [jobFields.queued, localTime(job.queuedAt)],
    [jobFields.started, localTime(job.startedAt)],
    [jobFields.ended, localTime(job.endedAt)],
    [jobFields.input, jsonText(job.input)],
    [jobFields.result, job.result === null ? '' : jsonText(job.result)],
    [jobFields.error, job.error?.message ?? ''],
    [jobFields.late, job.lateReports === 0 ? '' : jobFields.lateCount(job.lateReports)],
  ]
  const shown = rows.filter(([, value]) => value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown
    .map(([name, value]) => `${name.padEnd(width)}  ${indented(String(value), width + 2)}`)
    .join('\n')
}

/** Maximum width of JSON that is printed on one line, in characters. */
const WIDEST_JSON = 100

function jsonText(value: Json): string {
  const line = terminalJson(value)
  return line.length <= WIDEST_JSON ? line : terminalJson(value, 2)
}

function indented(text: string, width: number): string {
  return sanitiseBlock(text, 100_000).replaceAll('\n', `\n${' '.repeat(width)}`)
}
