import { sanitiseLine } from '../../lib/core/sanitise.ts'
import type { Json } from '../../lib/core/errors.ts'
import type { JobSummary } from '../../lib/domain/job.ts'
import type { PlainEvent } from './events.ts'

/** One event as one plain line: `23:05:54  job 3 · 2/4   4/6 add_step: button Add to cart`. */
export function plainLine(event: PlainEvent): string {
  const time = new Date(event.at).toTimeString().slice(0, 8)
  const [subject, text] = parts(event)
  return sanitiseLine(`${time}  ${subject.padEnd(14)} ${text}`).trimEnd()
}

/** One event as one JSON object. */
export function jsonLine(event: PlainEvent): string {
  return JSON.stringify({ ...event, at: new Date(event.at).toISOString() })
}

function parts(event: PlainEvent): [subject: string, text: string] {
  switch (event.event) {
    case 'scheduler':
      return ['scheduler', `${event.phase}, at most ${event.slots} workers`]
    case 'workflow.broken':
      return ['workflow', `cannot be used: ${event.file}: ${event.message}`]
    case 'service':
      return ['service', `${event.name} ${event.state}${event.message === '' ? '' : `: ${event.message}`}`]
    case 'job':
      return [
        `job ${event.job}`,
        `${event.workflow} ${event.state}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}${event.message === '' ? '' : `: ${event.message}`}`,
      ]
    case 'phase.started':
      return [place(event), event.phase]
    case 'phase.ended':
      return [place(event), `${event.phase} — ${event.status}, ${(event.ms / 1000).toFixed(1)} s`]
    case 'worker.ended':
      return [place(event), event.outcome]
    case 'crash':
      return [`job ${event.job}`, `crash ${event.crash} in ${event.phase}: ${event.error}: ${event.message}`]
  }
}

function place({ job, member, members }: { job: number; member: number; members: number }): string {
  return members === 1 ? `job ${job}` : `job ${job} · ${member}/${members}`
}

/** The result of a job that succeeded. */
export function resultLine(job: JobSummary, result: Json, json: boolean): string {
  if (!json) return sanitiseLine(`${' '.repeat(10)}job ${job.id} result: ${JSON.stringify(result)}`)
  return JSON.stringify({ event: 'result', job: job.id, workflow: job.workflow, result })
}
