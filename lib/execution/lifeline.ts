import { ToWorker } from '../domain/fork-channel.ts'
import type { StopReason } from '../domain/outcome.ts'

export interface LifelineOptions {
  readonly onStop: (reason: StopReason) => void
  /** The parent is gone. */
  readonly onLost: () => void
}

/**
 * Tells whether a parent holds the other end. A child that starts supervised and finds it let go is an orphan.
 * That the channel was closed before the child was up is learnt in the first turn of the event loop, so one is waited for.
 */
export async function hasParent(): Promise<boolean> {
  await new Promise(resolve => setImmediate(resolve))
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
  if (!process.connected) onLost()
}

/** Tells the parent that the browser is up. */
export function sayReady(): void {
  if (process.connected) process.send?.({ type: 'ready' }, () => undefined)
}
