import { messageOf } from '../../core/errors/errors.ts'
import { ToWorker } from '../../model/worker/worker-ipc.ts'
import type { AttemptRef, FromWorker } from '../../model/worker/worker-ipc.ts'
import type { StopReason } from '../../model/job/outcome.ts'

export interface ParentChannelOptions {
  /** Called when the parent asks the worker to end, or only this job if it still runs. */
  readonly onStop: (reason: StopReason, job?: AttemptRef) => void
  /** Called when an assignment is available. */
  readonly onWake: () => void
  /** Called when the parent has acknowledged a reported crash. */
  readonly onAcknowledged: (job: AttemptRef) => void
  /** Called with further secrets that the parent knows. */
  readonly onSecrets: (secrets: readonly string[]) => void
  /** Called when the parent has ended. */
  readonly onDisconnect: () => void
}

/**
 * Listens for messages from the parent. Ctrl+C in the terminal also reaches the worker, which
 * ignores it, because the parent decides when the worker stops: it sends `stop` or closes the
 * channel.
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

/** Reports to the parent that lines of a log are being lost, and the reason. */
export function reportLogFailure(error: unknown): void {
  sendToParent({ type: 'log-failed', message: messageOf(error) })
}

/** Sends a message to the parent, if there is one. */
export function sendToParent(message: FromWorker): void {
  if (process.connected) process.send?.(message, () => undefined)
}
