import type { Clock } from '../core/time/clock.ts'
import { MAX_SLEEP_MS } from './decide/timeouts.ts'

/**
 * Pause after a failed turn, for example because the disk is full or the store is changing its
 * owner. It is short, but long enough to prevent a busy loop.
 */
const TURN_RETRY_MS = 1_000

/**
 * Pause after a turn that did nothing although work was already due when it began. It prevents a
 * busy loop while that work cannot be done.
 */
const LEAST_PAUSE_MS = 100

export interface ControlLoopOptions {
  readonly clock: Clock
  /**
   * Takes one turn. `acted` is true if the turn did anything. `wakeAt` is the epoch ms at which the
   * next turn is due if nothing wakes the loop before, or null if none is.
   */
  readonly take: () => Promise<{ readonly acted: boolean; readonly wakeAt: number | null }>
  /** Called with the error of a failed turn. The turn is tried again. */
  readonly failed: (thrown: unknown) => void
  /** Called when the planned time of a turn has come. */
  readonly due: () => void
  /** Called when the last requested turn has ended. */
  readonly rest: () => void
}

/** Takes turns one at a time. A turn that is requested during another turn follows it. */
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

  /** Requests a turn. */
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

  /** Takes no more turns. Resolves after the current turn. */
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

  /**
   * Plans the next turn. If `wakeAt` is already over, because the last turn was slow, the next turn
   * follows at once.
   */
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
