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

/**
 * Formats an event for people as one line: `23:05:54 job 3 · 2/4 4/6 add_step: button Add to cart`.
 */
export function plainLine(event: PlainEvent, words: Catalogue): string {
  return line(event.at, ...parts(event, words))
}

/**
 * Formats a warning of the scheduler like an event, because people read both in the same output.
 */
export function troubleLine(
  { at, level, message, jobId }: Pick<LogLine, 'at' | 'level' | 'message' | 'jobId'>,
  { headless, level: levels }: Catalogue,
): string {
  return line(
    at,
    jobId === undefined ? headless.scheduler : headless.job(jobId),
    `${levels[level]}: ${message}`,
  )
}

const line = (at: number, subject: string, text: string): string =>
  sanitiseLine(`${clock(at)}  ${subject.padEnd(14)} ${text}`).trimEnd()

/** Formats an event as a JSON object on one line, which does not depend on the language. */
export function jsonLine(event: PlainEvent): string {
  return terminalJson({ ...event, at: new Date(event.at).toISOString() })
}

function parts(event: PlainEvent, words: Catalogue): [subject: string, text: string] {
  const { headless } = words
  switch (event.event) {
    case 'scheduler':
      return [
        headless.scheduler,
        event.phase === 'paused'
          ? headless.schedulerPaused(words.schedulerPhase.paused)
          : headless.schedulerIs(words.schedulerPhase[event.phase], event.slots),
      ]
    case 'draining':
      return [headless.scheduler, headless.drains(words.counts.running(event.running), clock(event.until))]
    case 'workflow.broken':
      return [headless.workflow, headless.cannotBeUsed(brokenWords(event.file, event.message))]
    case 'service':
      return [
        headless.service,
        because(`${event.name} ${words.serviceState[event.state]}`, serviceWords(event, words)),
      ]
    case 'domain.waits':
      return [
        headless.domain,
        headless.asksToWait(event.domain, Math.ceil((event.until - event.at) / 1000), event.status),
      ]
    case 'domains.more':
      return [headless.domain, headless.moreAskToWait(event.count)]
    case 'job': {
      const again = event.attempt > 1 ? ` ${headless.attempt(event.attempt)}` : ''
      return [
        headless.job(event.job),
        because(
          `${event.workflow} ${words.jobState[event.state]}${again}`,
          jobMessage({ waitReason: event.waitReason, errorMessage: event.message }, words),
        ),
      ]
    }
    case 'job.priority':
      return [headless.job(event.job), `${event.workflow} ${headless.priority(event.priority)}`]
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
      return [
        headless.job(event.job),
        headless.crash(event.crash, event.phase, `${event.error}: ${event.message}`),
      ]
    case 'schedule':
      return [headless.schedule, `${event.schedule}: ${scheduleRunWords(event, words.schedules)}`]
    case 'idle':
      if (event.left !== undefined) return [headless.scheduler, headless.someLeft(event.ended, event.left)]
      return [headless.scheduler, event.ended === 0 ? headless.nothingToDo : headless.allDone(event.ended)]
    case 'notice':
      return [headless.notice, noticeLine(event.notice, words)]
  }
}

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8)

const because = (fact: string, reason: string): string => (reason === '' ? fact : `${fact}: ${reason}`)

function place(
  { job, member, members }: { job: number; member: number; members: number },
  { headless }: Catalogue,
): string {
  return members === 1 ? headless.job(job) : headless.member(job, member, members)
}

/** Formats the result of a job that succeeded as one line for people. */
export function resultLine(job: JobSummary, result: Json, at: number, { headless }: Catalogue): string {
  return line(at, headless.job(job.id), headless.result(terminalJson(result)))
}

/** Formats the result of a job that succeeded as a JSON object on one line. */
export function resultJsonLine(job: JobSummary, result: Json): string {
  return terminalJson({ event: 'result', job: job.id, workflow: job.workflow, result })
}
