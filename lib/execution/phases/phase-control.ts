import type { Clock } from '../../core/time/clock.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import type { PhaseSpec } from '../../authoring/workflow-runtime.ts'
import type { CallSite } from './call-tracker.ts'

/** Receives the longest duration, in ms, of a wait that begins; null when the worker continues. */
export type PauseListener = (atMostMs: number | null) => void

/** Controls a phase from outside: its signal ends the phase, and its time limit can be paused. */
export interface PhaseControl {
  readonly signal: AbortSignal
  /** Aborts with `signal`, or at the end of the phase, because no wait may outlast its phase. */
  readonly over: AbortSignal
  /** Remaining time of the limit, in ms. */
  readonly leftMs: () => number
  /** Ends the phase with this error, a stray rejection of the phase itself. */
  readonly interrupt: (error: unknown) => void
  /**
   * Pauses the limit until the returned function is called. If several pauses overlap, the limit
   * continues when the last of them ends.
   */
  readonly pause: () => () => void
  /**
   * Calls the listener at the start and the end of each wait, and at once if there is a current
   * one. Returns a function that removes the listener.
   */
  readonly onPause: (listener: PauseListener) => () => void
  /** Pauses the limit like `pause`, and notifies the listeners. */
  readonly pauseFor: (atMostMs: number) => () => void
  /** Ends the phase: aborts `over`, and removes all timers and listeners. */
  readonly end: () => void
}

/**
 * Watches a phase's time limit and the signals that end the phase. At the limit, the phase ends
 * with code `phase-timeout` and the `place` of the author's code. A signal ends the phase with the
 * signal's own reason.
 */
export function watchPhase(
  { name, timeoutMs }: PhaseSpec,
  enders: readonly AbortSignal[],
  clock: Clock,
  place: () => CallSite | undefined = () => undefined,
): PhaseControl {
  const controller = new AbortController()
  const ended = new AbortController()
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
    over: AbortSignal.any([controller.signal, ended.signal]),
    leftMs: () => limit.leftMs,
    // For `undefined`, abort() would create a reason of its own.
    interrupt: error => controller.abort(error ?? new AutomateError('unexpected', messageOf(error))),
    pause: () => limit.pause(),
    ...pausing(limit, clock),
    end: () => {
      limit.forget()
      for (const forget of listeners) forget()
      ended.abort(new AutomateError('cancelled', `Phase "${name}" has ended, so nothing can wait in it.`))
    },
  }
}

/** Tracks concurrent waits. The listeners are notified of the end only when the last wait ends. */
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
  // The stack of the timer itself would be useless.
  error.stack = [`${error.name}: ${error.message}`, ...(place?.frames ?? [])].join('\n')
  return error
}

/** A time limit that can be paused. */
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
