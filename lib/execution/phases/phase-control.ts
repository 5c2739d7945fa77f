import type { Clock } from '../../core/time/clock.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import type { PhaseSpec } from '../../authoring/workflow-runtime.ts'
import type { CallSite } from './call-tracker.ts'

/** Hears for how long at most the worker waits for somebody from now on; null when it goes on. */
export type PauseListener = (atMostMs: number | null) => void

/** What can end a phase from outside: its signal aborts with the error that the phase then fails with. */
export interface PhaseControl {
  readonly signal: AbortSignal
  /** How much of the limit is left, in ms. */
  readonly leftMs: () => number
  /** Ends the phase with this error, without time to react: it comes from the phase's own stray promises. */
  readonly interrupt: (error: unknown) => void
  /** Lets the limit stand still until the returned function is called. Several at once stand still until the last one is. */
  readonly pause: () => () => void
  /** Tells of each wait for somebody, also of one that lasts already. Returns a function that ends it. */
  readonly onPause: (listener: PauseListener) => () => void
  /** Pauses the limit like `pause`, and notifies the listeners. */
  readonly pauseFor: (atMostMs: number) => () => void
  /** Leaves no timer and no listener behind. */
  readonly forget: () => void
}

/**
 * Watches a phase's limit and the signals that end it. The limit interrupts with code `phase-timeout`, naming the `place` that the author's code has reached, the others with their own reason.
 */
export function watchPhase(
  { name, timeoutMs }: PhaseSpec,
  enders: readonly AbortSignal[],
  clock: Clock,
  place: () => CallSite | undefined = () => undefined,
): PhaseControl {
  const controller = new AbortController()
  const limit = new PausableTimeout(timeoutMs, clock, () =>
    controller.abort(passed(name, timeoutMs, place())),
  )
  const listeners = enders.map(ender => {
    const end = () => controller.abort(ender.reason)
    if (ender.aborted) end()
    else ender.addEventListener('abort', end, { once: true })
    return () => ender.removeEventListener('abort', end)
  })
  return {
    signal: controller.signal,
    leftMs: () => limit.leftMs,
    // Without a reason the signal would make up one of its own.
    interrupt: error => controller.abort(error ?? new AutomateError('unexpected', messageOf(error))),
    pause: () => limit.pause(),
    ...pausing(limit, clock),
    forget: () => {
      limit.forget()
      for (const forget of listeners) forget()
    },
  }
}

/** Of several waits at once the last to end counts. */
function pausing(limit: PausableTimeout, clock: Clock): Pick<PhaseControl, 'onPause' | 'pauseFor'> {
  const listeners = new Set<PauseListener>()
  let waits = 0
  let until = 0
  const leftMs = () => Math.max(0, until - clock.monotonic())
  return {
    onPause: listener => {
      listeners.add(listener)
      if (waits > 0) listener(leftMs())
      return () => listeners.delete(listener)
    },
    pauseFor: atMostMs => {
      const release = limit.pause()
      waits += 1
      until = Math.max(waits === 1 ? 0 : until, clock.monotonic() + atMostMs)
      for (const listener of listeners) listener(leftMs())
      return () => {
        release()
        waits -= 1
        if (waits === 0) for (const listener of listeners) listener(null)
      }
    },
  }
}

function passed(name: string, timeoutMs: number, place: CallSite | undefined): AutomateError {
  const where = place === undefined ? '' : `, ${place.text}`
  const error = new AutomateError(
    'phase-timeout',
    `Phase "${name}" did not end within its limit of ${timeoutMs} ms${where}.`,
    { facts: { timeoutMs } },
  )
  // The stack of the timer that found it says nothing.
  error.stack = [`${error.name}: ${error.message}`, ...(place?.frames ?? [])].join('\n')
  return error
}

/** A limit whose time can stand still. */
class PausableTimeout {
  private readonly clock: Clock
  private readonly passed: () => void
  private restMs: number
  private since: number
  private holds = 0
  private over = false
  private forgetTimer: () => void = () => undefined

  constructor(limitMs: number, clock: Clock, passed: () => void) {
    this.clock = clock
    this.passed = passed
    this.restMs = limitMs
    this.since = clock.monotonic()
    this.go()
  }

  get leftMs(): number {
    const usedMs = this.holds > 0 ? 0 : this.clock.monotonic() - this.since
    return Math.max(0, this.restMs - usedMs)
  }

  pause(): () => void {
    this.restMs = this.leftMs
    this.holds += 1
    this.forgetTimer()
    let held = true
    return () => {
      if (!held) return
      held = false
      this.holds -= 1
      if (this.holds === 0) this.go()
    }
  }

  forget(): void {
    this.over = true
    this.forgetTimer()
  }

  private go(): void {
    this.since = this.clock.monotonic()
    if (!this.over) this.forgetTimer = this.clock.after(this.restMs, this.passed)
  }
}
