import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import type { JobSummary } from '../../lib/model/job/job.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { brokenWords } from '../../lib/model/job/workflow.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { noticeLine } from '../../lib/locales/format/notice-words.ts'
import { scheduleRunWords } from '../../screens/details/schedule-words.ts'
import { jobMessage } from '../../lib/locales/format/wait-reason-words.ts'
import { waitingWords } from '../../lib/locales/format/waiting-words.ts'
import { serviceWords } from '../../lib/locales/format/service-words.ts'
import type { PlainEvent } from './plain-event.ts'

/** One event as one plain line: `23:05:54  job 3 · 2/4   4/6 add_step: button Add to cart`. */
export function plainLine(event: PlainEvent, words: Catalogue): string {
  return line(event.at, ...parts(event, words))
}

/** What a scheduler warns of, in the same form, since people read both together. */
export function troubleLine(
  { at, level, message, jobId }: Pick<LogLine, 'at' | 'level' | 'message' | 'jobId'>,
  { plain, level: levels }: Catalogue,
): string {
  return line(at, jobId === undefined ? plain.scheduler : plain.job(jobId), `${levels[level]}: ${message}`)
}

const line = (at: number, subject: string, text: string): string =>
  sanitiseLine(`${clock(at)}  ${subject.padEnd(14)} ${text}`).trimEnd()

/** One event as one JSON object: the same in every language. */
export function jsonLine(event: PlainEvent): string {
  return terminalJson({ ...event, at: new Date(event.at).toISOString() })
}

function parts(event: PlainEvent, words: Catalogue): [subject: string, text: string] {
  const { plain } = words
  switch (event.event) {
    case 'scheduler':
      return [
        plain.scheduler,
        event.phase === 'paused'
          ? plain.schedulerPaused(words.schedulerPhase.paused)
          : plain.schedulerIs(words.schedulerPhase[event.phase], event.slots),
      ]
    case 'draining':
      return [plain.scheduler, plain.drains(words.counts.running(event.running), clock(event.until))]
    case 'workflow.broken':
      return [plain.workflow, plain.cannotBeUsed(brokenWords(event.file, event.message))]
    case 'service':
      return [
        plain.service,
        because(`${event.name} ${words.serviceState[event.state]}`, serviceWords(event, words)),
      ]
    case 'domain.waits':
      return [
        plain.domain,
        plain.asksToWait(event.domain, Math.ceil((event.until - event.at) / 1000), event.status),
      ]
    case 'domains.more':
      return [plain.domain, plain.moreAskToWait(event.count)]
    case 'job': {
      const again = event.attempt > 1 ? ` ${plain.attempt(event.attempt)}` : ''
      return [
        plain.job(event.job),
        because(
          `${event.workflow} ${words.jobState[event.state]}${again}`,
          jobMessage({ waitReason: event.waitReason, errorMessage: event.message }, words),
        ),
      ]
    }
    case 'job.priority':
      return [plain.job(event.job), `${event.workflow} ${plain.priority(event.priority)}`]
    case 'phase.started':
      return [place(event, words), event.phase]
    case 'phase.ended':
      return [
        place(event, words),
        `${event.phase} — ${words.phaseStatus[event.status]}, ${(event.ms / 1000).toFixed(1)} s`,
      ]
    case 'worker.waits':
      return [place(event, words), waitingWords(event.waiting, words)]
    case 'worker.kept':
      return [
        place(event, words),
        [words.keptOpen(clock(event.until)), event.devtools ?? ''].filter(text => text !== '').join(', '),
      ]
    case 'worker.ended':
      return [place(event, words), words.outcome[event.outcome]]
    case 'crash':
      return [plain.job(event.job), plain.crash(event.crash, event.phase, `${event.error}: ${event.message}`)]
    case 'schedule':
      return [plain.schedule, `${event.schedule}: ${scheduleRunWords(event, words.schedules)}`]
    case 'idle':
      if (event.left !== undefined) return [plain.scheduler, plain.someLeft(event.ended, event.left)]
      return [plain.scheduler, event.ended === 0 ? plain.nothingToDo : plain.allDone(event.ended)]
    case 'notice':
      return [plain.notice, noticeLine(event.notice, words)]
  }
}

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8)

const because = (fact: string, reason: string): string => (reason === '' ? fact : `${fact}: ${reason}`)

function place(
  { job, member, members }: { job: number; member: number; members: number },
  { plain }: Catalogue,
): string {
  return members === 1 ? plain.job(job) : plain.member(job, member, members)
}

/** The result of a job that succeeded, as a line in the words of a language. */
export function resultLine(job: JobSummary, result: Json, at: number, { plain }: Catalogue): string {
  return line(at, plain.job(job.id), plain.result(terminalJson(result)))
}

/** The same as one JSON object. */
export function resultJsonLine(job: JobSummary, result: Json): string {
  return terminalJson({ event: 'result', job: job.id, workflow: job.workflow, result })
}
