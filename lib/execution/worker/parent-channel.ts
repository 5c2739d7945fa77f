import { messageOf } from '../../core/errors/errors.ts'
import { ToWorker } from '../../model/worker/worker-ipc.ts'
import type { AttemptRef, FromWorker } from '../../model/worker/worker-ipc.ts'
import type { StopReason } from '../../model/job/outcome.ts'

export interface ParentChannelOptions {
  /** Called to end the worker, or only this job if it still runs. */
  readonly onStop: (reason: StopReason, job?: AttemptRef) => void
  /** Called when an assignment is available. */
  readonly onWake: () => void
  /** Called when the parent has acknowledged a reported crash. */
  readonly onAcknowledged: (job: AttemptRef) => void
  /** Called with secrets that the parent knows by now. */
  readonly onSecrets: (secrets: readonly string[]) => void
  /** Called when the parent has ended. */
  readonly onDisconnect: () => void
}

/**
 * Listens to the fork channel. Ctrl+C in the terminal reaches workers too, but the worker ignores
 * it, because the parent decides: by `stop` or by closing the channel.
 */
export function listenToParent({
  onStop,
  onWake,
  onAcknowledged,
  onSecrets,
  onDisconnect,
}: ParentChannelOptions): void {
  process.on('message', message => {
    const parsed = ToWorker.safeParse(message)
    if (!parsed.success) return
    if (parsed.data.type === 'stop') onStop(parsed.data.reason, parsed.data.job)
    else if (parsed.data.type === 'heard') onAcknowledged(parsed.data.job)
    else if (parsed.data.type === 'secrets') onSecrets(parsed.data.secrets)
    else onWake()
  })
  process.once('disconnect', onDisconnect)
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.on('SIGTERM', () => onStop('shutdown'))
  // The channel may have closed while this module was loaded.
  if (!process.connected) onDisconnect()
}

/** Reports lost lines of a log to the parent. */
export function reportLogFailure(error: unknown): void {
  sendToParent({ type: 'log-failed', message: messageOf(error) })
}

/** Sends a message to the parent, if there is one. */
export function sendToParent(message: FromWorker): void {
  if (process.connected) process.send?.(message, () => undefined)
}
