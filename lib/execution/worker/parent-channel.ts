import { messageOf } from '../../core/errors/errors.ts'
import { ToWorker } from '../../model/worker/worker-ipc.ts'
import type { AttemptRef, FromWorker } from '../../model/worker/worker-ipc.ts'
import type { StopReason } from '../../model/job/outcome.ts'

export interface ParentChannelOptions {
  /** The worker shall end, or only this job if it still runs. */
  readonly onStop: (reason: StopReason, job?: AttemptRef) => void
  /** An assignment waits. */
  readonly onWake: () => void
  /** The parent tells of the crash that was said to it. */
  readonly onAcknowledged: (job: AttemptRef) => void
  /** The parent knows these secrets by now. */
  readonly onSecrets: (secrets: readonly string[]) => void
  /** The parent is gone. */
  readonly onDisconnect: () => void
}

/** Listens to the fork channel. Ctrl+C in the terminal reaches workers too: there the parent decides, by `stop` or by letting go. */
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

/** Reports to the parent that lines of a log are lost. */
export function reportLogFailure(error: unknown): void {
  sendToParent({ type: 'log-failed', message: messageOf(error) })
}

/** Tells the parent; nobody hears it when there is none. */
export function sendToParent(message: FromWorker): void {
  if (process.connected) process.send?.(message, () => undefined)
}
