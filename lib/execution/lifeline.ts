import { ToWorker } from '../domain/fork-channel.ts'
import type { StopReason } from '../domain/outcome.ts'

export interface LifelineOptions {
  readonly onStop: (reason: StopReason) => void
  /** The parent is gone. */
  readonly onLost: () => void
}

/** Tells whether a parent holds the other end. A child that starts supervised and finds it let go is an orphan. */
export function hasParent(): boolean {
  return process.connected
}

/** Listens to the fork channel. Ctrl+C in the terminal reaches workers too: there the parent decides, by `stop` or by letting go. */
export function watchLifeline({ onStop, onLost }: LifelineOptions): void {
  process.on('message', message => {
    const parsed = ToWorker.safeParse(message)
    if (parsed.success && parsed.data.type === 'stop') onStop(parsed.data.reason)
  })
  process.once('disconnect', onLost)
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.on('SIGTERM', () => onStop('shutdown'))
  // The channel may have closed while this module was loaded.
  if (!hasParent()) onLost()
}

/** Tells the parent that the browser is up. */
export function sayReady(): void {
  if (hasParent()) process.send?.({ type: 'ready' }, () => undefined)
}
