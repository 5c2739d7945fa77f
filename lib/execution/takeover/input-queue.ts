import type { Clock } from '../../core/clock.ts'
import { withDeadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import type { InputOrder } from '../../domain/worker-order.ts'
import { innerCall } from '../browser/inner-call.ts'
import type { WorkerLog } from '../worker-log.ts'
import type { FrontPage } from './front-page.ts'
import { passOn } from './pass-on.ts'
import { TypedText } from './typed-text.ts'

/** A page with an open dialog takes no input. */
const INPUT_LIMIT_MS = 5_000

export interface InputOptions {
  readonly front: FrontPage
  readonly workerId: string
  readonly log: WorkerLog
  readonly clock: Clock
  /** Called after each input that the page took, and with the reason for each that it did not. */
  readonly onVerdict: (order: InputOrder, why?: string) => void
}

/** What a person does to the page, one after the other. */
export class InputQueue {
  private readonly options: InputOptions
  private readonly typed = new TypedText()
  private waiting: InputOrder[] = []
  private working: Promise<void> = Promise.resolve()

  constructor(options: InputOptions) {
    this.options = options
  }

  add(order: InputOrder): void {
    this.waiting.push(order)
    this.working = this.working.then(() => this.next())
  }

  /** Resolves once the page has taken, or not taken, all that was added before. */
  settled(): Promise<void> {
    return this.working
  }

  /** Completes the text that was typed, because the next one is for another question. */
  endText(): void {
    this.working = this.working.then(() => this.typed.end())
  }

  private async next(): Promise<void> {
    const order = this.waiting.shift()
    if (order === undefined) return
    const { front, workerId, log, clock, onVerdict } = this.options
    try {
      const acting = innerCall(() => passOn(order, front, workerId, this.typed))
      await withDeadline(acting, INPUT_LIMIT_MS, 'What a person did to the page', clock)
      onVerdict(order)
    } catch (error) {
      // What was meant to follow it would meet another page than the person saw.
      const dropped = [order, ...this.waiting]
      this.waiting = []
      log.warn(`the page did not take it: ${messageOf(error)}`)
      for (const one of dropped) onVerdict(one, messageOf(error))
    }
  }
}
