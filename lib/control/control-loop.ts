import type { Clock } from '../core/time/clock.ts'
import { MAX_SLEEP_MS } from './decide/timeouts.ts'

/** After a turn that failed (a full disk, a store that is changing hands): soon, but not in a loop. */
const TURN_RETRY_MS = 1_000

/** After a turn that did nothing of what was due before it began: without a pause, turns that cannot do it would follow one another for ever. */
const LEAST_PAUSE_MS = 100

export interface ControlLoopOptions {
  readonly clock: Clock
  /** Takes one turn: tells whether it did anything, and when, in epoch ms, the next one is due though nothing is heard; null for never. */
  readonly take: () => Promise<{ readonly acted: boolean; readonly wakeAt: number | null }>
  /** A turn failed; it is tried again. */
  readonly failed: (thrown: unknown) => void
  /** The time has come for which nothing else woke it. */
  readonly due: () => void
  /** There is nothing more to do for now. */
  readonly rest: () => void
}

/** Turns that are taken one at a time: whatever asks for one meanwhile gets another one after it. */
export class ControlLoop {
  private readonly options: ControlLoopOptions
  private turn: Promise<void> | null = null
  private again = false
  private ended = false
  private forgetWake: () => void = () => undefined

  constructor(options: ControlLoopOptions) {
    this.options = options
  }

  get resting(): boolean {
    return this.turn === null
  }

  /** Asks for a turn. */
  wake(): void {
    if (this.ended) return
    if (this.turn !== null) {
      this.again = true
      return
    }
    this.turn = this.takeAll().finally(() => {
      this.turn = null
      if (this.again) this.wake()
      else this.options.rest()
    })
  }

  /** Takes no more turns; resolves after the running one. */
  async close(): Promise<void> {
    this.ended = true
    this.forgetWake()
    await this.turn
  }

  private async takeAll(): Promise<void> {
    try {
      do {
        this.again = false
        const begunAt = this.options.clock.now()
        const { acted, wakeAt } = await this.options.take()
        if (acted) this.again = true
        if (!acted && wakeAt !== null && wakeAt <= begunAt) this.sleep(LEAST_PAUSE_MS)
        else this.sleepUntil(wakeAt)
      } while (this.again && !this.ended)
    } catch (thrown) {
      if (this.ended) return
      this.options.failed(thrown)
      this.sleep(TURN_RETRY_MS)
    }
  }

  /** The turn may have taken so long that the next one is due. */
  private sleepUntil(wakeAt: number | null): void {
    const ms = wakeAt === null ? null : wakeAt - this.options.clock.now()
    if (ms === null || ms > 0) this.sleep(ms)
    else {
      this.sleep(null)
      this.options.due()
      this.again = true
    }
  }

  private sleep(ms: number | null): void {
    this.forgetWake()
    this.forgetWake = () => undefined
    if (ms === null) return
    this.forgetWake = this.options.clock.after(Math.max(1, Math.min(ms, MAX_SLEEP_MS)), () => {
      this.options.due()
      this.wake()
    })
  }
}
