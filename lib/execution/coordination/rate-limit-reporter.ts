import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { rateLimitText } from '../browser/pages/navigation-status.ts'
import type { RateLimited } from '../browser/pages/navigation-status.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { OutputOf } from '../../store/operations/index.ts'
import type { DomainPort } from './domain-port.ts'

/**
 * Time limit of a report to the store. The owner replies within milliseconds, and a slower owner
 * must not delay the end of the job.
 */
const TELL_LIMIT_MS = 5_000

export interface RateLimitReporterOptions {
  readonly jobId: number
  /** Undefined for a worker without a store. */
  readonly store: (() => Promise<DomainPort>) | undefined
  readonly log: WorkerLog
  readonly clock: Clock
}

/**
 * Records in the store that a domain refuses the requests of a worker, so that no other job visits
 * the domain during the pause.
 */
export class RateLimitReporter {
  private readonly options: RateLimitReporterOptions
  private readonly reporting: Promise<void>[] = []
  private readonly paused = new Set<string>()
  private isFull = false

  constructor(options: RateLimitReporterOptions) {
    this.options = options
  }

  readonly onRateLimited = (refusal: RateLimited): void => {
    // A page can be refused by thousands of domains a minute.
    if (this.isFull && !this.paused.has(refusal.domain)) return
    this.options.log.warn(rateLimitText(refusal))
    this.reporting.push(this.report(refusal))
  }

  /** Resolves when all reports are stored, or have failed. */
  async flush(): Promise<void> {
    await Promise.all(this.reporting)
  }

  private async report({ domain, status, retryAfterMs }: RateLimited): Promise<void> {
    const { store, jobId, log, clock } = this.options
    if (store === undefined) return
    const refuse = async () => (await store()).call('domains.pause', { domain, status, retryAfterMs, jobId })
    try {
      const { leftOut } = await withTimeout(refuse(), TELL_LIMIT_MS, 'The response of the store', clock)
      if (leftOut === null) this.paused.add(domain)
      else this.setFull(leftOut)
    } catch (error) {
      log.warn(`the pause of ${domain} could not be reported to the other workers: ${messageOf(error)}`)
    }
  }

  private setFull(why: NonNullable<OutputOf<'domains.pause'>['leftOut']>): void {
    if (this.isFull) return
    this.isFull = true
    const many = why === 'job-full' ? 'So many domains have refused this job' : 'So many domains ask to wait'
    this.options.log.warn(`${many} that further refusals are neither stored nor logged.`)
  }
}
