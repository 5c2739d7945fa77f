import type { Clock } from '../../core/time/clock.ts'
import { WITHOUT_BROWSER } from '../../core/errors/error-codes.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { delay } from '../../core/time/timeout.ts'

export interface RaceOptions {
  readonly signal: AbortSignal
  /** Returns the time that the work gets to end by itself after the abort; called at the abort. */
  readonly graceMs: () => number
  readonly clock: Clock
  /** Receives an error that the work threw after its interruption. */
  readonly stray: (error: unknown) => void
}

/**
 * Settles as `work` does, or rejects with the signal's reason after the abort and the grace, even
 * if the work never settles. An interruption takes precedence over the result of the work.
 */
export async function racePhase<T>(work: Promise<T>, options: RaceOptions): Promise<T> {
  const { signal, graceMs, clock, stray } = options
  let interrupted = false
  const settled = work.then(
    value => ({ status: 'done', value }) as const,
    (error: unknown) => {
      if (interrupted && error !== signal.reason) stray(error)
      return { status: 'threw', error } as const
    },
  )
  const aborted = whenAborted(signal)
  const first = await Promise.race([settled, aborted.promise])
  aborted.forget()
  if (first !== 'aborted' && !signal.aborted) {
    if (first.status === 'done') return first.value
    throw first.error
  }
  interrupted = true
  // A dead browser needs no cleanup.
  if (!WITHOUT_BROWSER.has(errorCode(signal.reason))) {
    const gone = new AbortController()
    void settled.then(() => gone.abort())
    await delay(graceMs(), clock, gone.signal)
  }
  throw signal.reason
}

function whenAborted(signal: AbortSignal): { promise: Promise<'aborted'>; forget: () => void } {
  let listener: () => void = () => undefined
  const promise = new Promise<'aborted'>(resolve => {
    listener = () => resolve('aborted')
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  })
  return { promise, forget: () => signal.removeEventListener('abort', listener) }
}
