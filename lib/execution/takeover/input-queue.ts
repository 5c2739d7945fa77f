import type { Clock } from '../../core/time/clock.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import type { InputOrder } from '../../model/worker/worker-command.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { ActivePage } from './active-page.ts'
import { dispatchInput } from './dispatch-input.ts'
import { TypedText } from './typed-text.ts'

/**
 * Time limit of a click, a key or one character of a text. A page with an open dialog accepts no
 * input.
 */
const INPUT_LIMIT_MS = 5_000

/** Reason with which an input is aborted when the wait of the person is over. */
const WAIT_OVER = new AutomateError('cancelled', 'The wait in which the person acted is over.')

export interface InputOptions {
  readonly front: ActivePage
  readonly workerId: string
  readonly log: WorkerLog
  readonly clock: Clock
  /** Called after each input that the page accepted, and with the reason for each refused input. */
  readonly onVerdict: (order: InputOrder, why?: string) => void
}

/** Sends the inputs of a person to the page, one after the other. */
export class InputQueue {
  private readonly options: InputOptions
  private readonly typed = new TypedText()
  private waiting: InputOrder[] = []
  private working: Promise<void> = Promise.resolve()
  /** Ends the current input. */
  private current = new AbortController()

  constructor(options: InputOptions) {
    this.options = options
  }

  add(order: InputOrder): void {
    this.waiting.push(order)
    this.working = this.working.then(() => this.next())
  }

  /** Drops the pending inputs, because the wait of the person is over. No verdict follows. */
  drop(): void {
    this.waiting = []
    this.current.abort(WAIT_OVER)
  }

  /** Resolves once the page has accepted or refused all earlier inputs. */
  settled(): Promise<void> {
    return this.working
  }

  /** Completes the typed text, because the next text is for another question. */
  endText(): void {
    this.working = this.working.then(() => this.typed.end())
  }

  private async next(): Promise<void> {
    const order = this.waiting.shift()
    if (order === undefined) return
    const { front, workerId, log, clock, onVerdict } = this.options
    const current = new AbortController()
    this.current = current
    const { signal } = current
    const beginLimit = () => clock.after(INPUT_LIMIT_MS, () => current.abort(tooSlow(order)))
    let endLimit = beginLimit()
    const onProgress = () => {
      endLimit()
      endLimit = beginLimit()
    }
    try {
      await runInternal(() =>
        dispatchInput(order, { front, workerId, typed: this.typed, signal, onProgress }),
      )
      onVerdict(order)
    } catch (error) {
      if (error === WAIT_OVER) {
        log.info("the wait ended before the page had processed all of the person's inputs")
        return
      }
      // The following inputs would reach another page than the person saw.
      const dropped = [order, ...this.waiting]
      this.waiting = []
      log.warn(`the page did not process the input: ${messageOf(error)}`)
      for (const one of dropped) onVerdict(one, messageOf(error))
    } finally {
      endLimit()
    }
  }
}

function tooSlow({ type }: InputOrder): AutomateError {
  const rest = type === 'text' ? ' The rest of the text is not typed.' : ''
  const seconds = INPUT_LIMIT_MS / 1_000
  return new AutomateError(
    'deadline',
    `The page has not responded for ${seconds} s (an open dialog, a script that does not end), and may still process the last input.${rest} Take a picture of the page, or view it in the console, before you continue.`,
  )
}
