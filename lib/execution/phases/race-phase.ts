import type { Clock } from '../../core/time/clock.ts'
import { WITHOUT_BROWSER } from '../../core/errors/error-codes.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { delay } from '../../core/time/timeout.ts'

export interface RaceOptions {
  readonly signal: AbortSignal
  /** How long the work gets to end by itself after the abort; asked at the abort. */
  readonly graceMs: () => number
  readonly clock: Clock
  /** Hears what the work threw after it had been interrupted. */
  readonly stray: (error: unknown) => void
}

/**
 * Settles as `work` does, or rejects with the signal's reason once it has aborted and the grace is over, even when the work never settles.
 * An interruption wins over what the work makes of it.
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
  // A dead browser leaves nothing to tidy up in.
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
