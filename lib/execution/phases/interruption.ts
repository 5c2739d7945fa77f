import type { Clock } from '../../core/clock.ts'
import { AutomateError } from '../../core/errors.ts'
import type { PhaseSpec } from '../../authoring/runnable.ts'

/** What can end a phase from outside: its signal aborts with the error that the phase then fails with. */
export interface Interruption {
  readonly signal: AbortSignal
  /** Ends the phase with this error, without time to react: it comes from the phase's own stray promises. */
  readonly interrupt: (error: unknown) => void
  /** Leaves no timer and no listener behind. */
  readonly forget: () => void
}

/**
 * Watches a phase's limit and the signals that end it. The limit interrupts with code `phase-timeout`, the others with their own reason.
 */
export function watchPhase(
  { name, timeoutMs }: PhaseSpec,
  enders: readonly AbortSignal[],
  clock: Clock,
): Interruption {
  const controller = new AbortController()
  const forgetLimit = clock.after(timeoutMs, () =>
    controller.abort(
      new AutomateError('phase-timeout', `Phase "${name}" did not end within its limit of ${timeoutMs} ms.`, {
        facts: { timeoutMs },
      }),
    ),
  )
  const listeners = enders.map(ender => {
    const end = () => controller.abort(ender.reason)
    if (ender.aborted) end()
    else ender.addEventListener('abort', end, { once: true })
    return () => ender.removeEventListener('abort', end)
  })
  return {
    signal: controller.signal,
    interrupt: error => controller.abort(error),
    forget: () => {
      forgetLimit()
      for (const forget of listeners) forget()
    },
  }
}
