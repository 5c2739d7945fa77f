import { jobEnded } from '../../lib/model/job/job.ts'
import type { JobSummary, JobState } from '../../lib/model/job/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import type { ProjectSource } from '../../lib/app/queries/project-source.ts'
import { eventsBetween } from './events.ts'
import type { PlainEvent } from './plain-event.ts'
import { jsonLine, plainLine, resultJsonLine, resultLine } from './format.ts'
import { SCHEDULER, schedulerPhase } from '../../lib/app/port/scheduler-phase.ts'
import { RECENT_JOBS } from '../../lib/app/queries/recent-jobs.ts'

const SETTLED = [
  'succeeded',
  'failed',
  'cancelled',
  'parked',
  'retrying',
  'interrupted',
] as const satisfies readonly JobState[]

export interface ReporterOptions {
  /** Texts for lines in the language of the user; null to write JSON. */
  readonly words: Catalogue | null
  readonly write: (line: string) => void
  /** Called with the error if the result of a job could not be printed. */
  readonly unreported: (job: JobSummary, error: unknown) => void
}

/**
 * Maximum number of job ends that are remembered as reported, many times more than a snapshot
 * lists.
 */
const KNOWN_MOST = 10_000

/** Writes each event in a project as a line, and the result of each job that succeeds. */
export class PlainReporter {
  private readonly store: Pick<Store, 'call'>
  private readonly options: ReporterOptions
  private readonly unsubscribe: () => void
  private last: Snapshot
  private readonly known = new Set<string>()
  private endedCount = 0
  private failedCount = 0
  private reports: Promise<void> = Promise.resolve()
  private results: Promise<void> = Promise.resolve()

  constructor(
    source: Pick<ProjectSource, 'current' | 'subscribe'>,
    store: Pick<Store, 'call'>,
    options: ReporterOptions,
  ) {
    this.store = store
    this.options = options
    this.last = source.current
    for (const job of this.last.jobs) if (jobEnded(job.state)) this.known.add(endKey(job))
    this.unsubscribe = source.subscribe(snapshot => {
      // If a read fails, the report of the next snapshot or of the last one includes the missing
      // events.
      this.receive(snapshot).catch(() => undefined)
    })
  }

  /**
   * Writes the events up to `snapshot`, the last one, and stops.
   * @throws The error of a read from the store.
   */
  async finish(snapshot: Snapshot): Promise<void> {
    this.unsubscribe()
    await this.receive(snapshot)
    await this.results
  }

  /**
   * Writes that there is nothing to do, so that a user who has queued nothing learns what to do
   * next. `left` is the number of jobs that have not ended.
   */
  idle(at: number, left = 0): void {
    const counts = { ended: this.endedCount, failed: this.failedCount, ...(left === 0 ? {} : { left }) }
    this.print({ event: 'idle', at, ...counts })
  }

  /** Number of failed jobs among the jobs that ended since the start. */
  get failed(): number {
    return this.failedCount
  }

  /** Reports a snapshot after the reports of all earlier snapshots. */
  private receive(snapshot: Snapshot): Promise<void> {
    const report = this.reports.then(() => this.report(snapshot))
    this.reports = report.catch(() => undefined)
    return report
  }

  private async report(snapshot: Snapshot): Promise<void> {
    const complete = await withSettledJobs(this.store, this.last, snapshot)
    const happened = this.options.words === null ? eventsBetween : humanEvents
    for (const event of happened(this.last, complete)) this.print(event)
    this.last = snapshot
    for (const job of [...complete.jobs].reverse()) {
      if (!jobEnded(job.state) || this.known.has(endKey(job))) continue
      this.remember(endKey(job))
      this.endedCount += 1
      if (job.state === 'failed') this.failedCount += 1
      if (job.state !== 'succeeded') continue
      this.results = this.results
        .then(() => this.writeResult(job))
        .catch((error: unknown) => this.options.unreported(job, error))
    }
  }

  /**
   * Remembers the end of a job as reported. Forgets the oldest one beyond the maximum, because the
   * process may run for months.
   */
  private remember(key: string): void {
    this.known.add(key)
    const [oldest] = this.known
    if (this.known.size > KNOWN_MOST && oldest !== undefined) this.known.delete(oldest)
  }

  private print(event: PlainEvent): void {
    const { words, write } = this.options
    write(words === null ? jsonLine(event) : plainLine(event, words))
  }

  private async writeResult(job: JobSummary): Promise<void> {
    const { result } = (await this.store.call('jobs.read', { id: job.id })) ?? { result: null }
    const { words, write } = this.options
    write(
      words === null
        ? resultJsonLine(job, result)
        : resultLine(job, result, job.endedAt ?? this.last.at, words),
    )
  }
}

/**
 * Returns a key that identifies one end of a job. The attempt is not enough, because a job that is
 * cancelled, queued again and cancelled again ends twice in the same attempt.
 */
const endKey = ({ id, attempt, state, endedAt }: JobSummary): string => `${id}.${attempt}.${state}.${endedAt}`

/**
 * Returns the events to print for people, with the same phases as the screens show. Programs
 * receive all events of `eventsBetween`. Pure.
 */
export function humanEvents(before: Snapshot, after: Snapshot): PlainEvent[] {
  return eventsBetween(asSpoken(before), asSpoken(after)).filter(event => !isPrintedByScheduler(event))
}

/**
 * Returns the snapshot with the phase of the scheduler, and its start, as the screens show them.
 * The documents of the scheduler and of its service are written one after the other. If the service
 * is starting or running, a scheduler whose document still has the phase `paused` is no longer
 * paused.
 */
function asSpoken(snapshot: Snapshot): Snapshot {
  const { scheduler, services } = snapshot
  const service = services.find(({ name }) => name === SCHEDULER)
  if (scheduler?.phase !== 'paused' || service === undefined) return snapshot
  const phase = service.actual === 'running' ? 'scheduling' : schedulerPhase(snapshot)
  if (phase === 'paused') return snapshot
  return {
    ...snapshot,
    scheduler: { ...scheduler, phase, updatedAt: Math.max(scheduler.updatedAt, service.since) },
  }
}

/**
 * True for an event of the scheduler's service that needs no line, because the event of the
 * scheduler itself reports it. Failures do need one, because only the service's event has the
 * reason.
 */
const isPrintedByScheduler = (event: PlainEvent): boolean =>
  event.event === 'service' && event.name === SCHEDULER && event.state !== 'failed'

/**
 * Returns the snapshot with all jobs that have ended or stopped since the previous snapshot, and
 * without jobs that have not changed. A snapshot lists only the latest changes. One commit can
 * change more jobs than that, such as all jobs that wait for a failed one, and old jobs are listed
 * again when newer ones are removed.
 */
async function withSettledJobs(
  store: Pick<Store, 'call'>,
  before: Snapshot,
  after: Snapshot,
): Promise<Snapshot> {
  const jobs = after.jobs.filter(({ id }) => !after.resurfacedJobs.has(id))
  if (after.jobsSeq - before.jobsSeq <= RECENT_JOBS) return { ...after, jobs }
  const settled: JobSummary[] = []
  let next: number | null = before.jobsSeq
  while (next !== null) {
    const page: { jobs: JobSummary[]; next: number | null } = await store.call('jobs.changed', {
      ...{ after: next, upTo: after.jobsSeq, states: [...SETTLED] },
    })
    settled.push(...page.jobs)
    next = page.next
  }
  const listed = new Set(after.jobs.map(({ id }) => id))
  const unlisted = settled.filter(({ id }) => !listed.has(id)).reverse()
  return { ...after, jobs: [...jobs, ...unlisted] }
}
