import { jobEnded } from '../../lib/domain/job.ts'
import type { JobSummary } from '../../lib/domain/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ProjectSource } from '../source/project-source.ts'
import { eventsBetween } from './events.ts'
import type { PlainEvent } from './plain-event.ts'
import { jsonLine, plainLine, resultJsonLine, resultLine } from './format.ts'

/** Writes what happens in a project as lines, and the result of every job that ends. */
export class PlainReporter {
  /** The jobs that ended while this reporter listened. */
  readonly ended: JobSummary[] = []
  private readonly store: Store
  /** The words of the lines; null for JSON. */
  private readonly words: Catalogue | null
  private readonly write: (line: string) => void
  private readonly unsubscribe: () => void
  private last: Snapshot
  private readonly known = new Set<string>()
  private results: Promise<void> = Promise.resolve()

  constructor(source: ProjectSource, store: Store, words: Catalogue | null, write: (line: string) => void) {
    this.store = store
    this.words = words
    this.write = write
    this.last = source.current
    for (const job of this.last.jobs) if (jobEnded(job.state)) this.known.add(endKey(job))
    this.unsubscribe = source.subscribe(snapshot => this.hear(snapshot))
  }

  /** Writes what has happened up to this last snapshot, and ends. */
  async finish(snapshot: Snapshot): Promise<void> {
    this.unsubscribe()
    this.hear(snapshot)
    await this.results
  }

  /** Says that nothing is left to do, so that who began with nothing learns what could be done. */
  idle(at: number): void {
    const ended = this.ended.length
    this.tell({ event: 'idle', at, ended, failed: this.failed })
  }

  /** How many of the jobs that ended have failed. */
  get failed(): number {
    return this.ended.filter(({ state }) => state === 'failed').length
  }

  private hear(snapshot: Snapshot): void {
    for (const event of eventsBetween(this.last, snapshot)) {
      this.tell(event)
    }
    this.last = snapshot
    for (const job of [...snapshot.jobs].reverse()) {
      if (!jobEnded(job.state) || this.known.has(endKey(job))) continue
      this.known.add(endKey(job))
      this.ended.push(job)
      this.results = this.results.then(() => this.writeResult(job))
    }
  }

  private tell(event: PlainEvent): void {
    this.write(this.words === null ? jsonLine(event) : plainLine(event, this.words))
  }

  private async writeResult(job: JobSummary): Promise<void> {
    const { result } = (await this.store.call('jobs.read', { id: job.id })) ?? { result: null }
    if (job.state !== 'succeeded') return
    this.write(this.words === null ? resultJsonLine(job, result) : resultLine(job, result, this.words))
  }
}

const endKey = ({ id, attempt, state }: JobSummary): string => `${id}.${attempt}.${state}`
