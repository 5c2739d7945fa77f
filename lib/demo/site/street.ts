import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { buildCatalogue } from './catalogue.ts'
import type { Catalogue, PriceOverrides } from './catalogue.ts'
import { Orders } from './orders.ts'
import { RequestCounts } from './request-counts.ts'
import { Sessions } from './sessions.ts'
import type { Customers } from './sessions.ts'

export interface StreetOptions {
  readonly seed: number
  readonly data: PriceOverrides
  /** Factor by which every latency is multiplied. 0 responds at once. */
  readonly pace: number
  readonly sessionMs: number
  readonly customers: Customers
  readonly clock: Clock
}

/** State that all pages of one running site share. */
export class Street {
  readonly seed: number
  readonly clock: Clock
  readonly catalogue: Catalogue
  readonly counts = new RequestCounts()
  readonly sessions: Sessions
  readonly orders: Orders
  private readonly pace: number
  private readonly closing = new AbortController()

  constructor(options: StreetOptions) {
    this.seed = options.seed
    this.clock = options.clock
    this.pace = options.pace
    this.catalogue = buildCatalogue(options.seed, options.data)
    this.sessions = new Sessions(options.clock, options.sessionMs, options.customers)
    this.orders = new Orders(options.seed)
  }

  /** Waits for the latency, or until the site closes. */
  async linger(latencyMs: number): Promise<void> {
    const ms = latencyMs * this.pace
    if (ms > 0) await delay(ms, this.clock, this.closing.signal)
  }

  close(): void {
    this.closing.abort()
  }
}
