import { ToWorker } from '../domain/fork-channel.ts'
import type { StopReason } from '../domain/outcome.ts'

export interface LifelineOptions {
  readonly onStop: (reason: StopReason) => void
  /** The parent is gone. */
  readonly onLost: () => void
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
  if (!process.connected) onLost()
}

/** Tells the parent that the browser is up. */
export function sayReady(): void {
  if (process.connected) process.send?.({ type: 'ready' }, () => undefined)
}
