import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { redactFile } from '../../../files/redact-file.ts'
import { markUnredacted, removeUnredactedMark } from '../../../files/unredacted-marker.ts'

/**
 * Logs of a worker's Chromes. After the worker's exit, the scheduler redacts the secrets that it
 * knows in these logs. Some secrets are known only to the worker: the text that a person typed, and
 * the defaults of passwords. Once the worker knows such a secret, it marks its logs and redacts
 * them itself.
 */
export class ChromeLogs {
  private readonly log: Pick<Log, 'warn'>
  private readonly paths = new Set<string>()
  private areMarked = false

  constructor(log: Pick<Log, 'warn'>) {
    this.log = log
  }

  /** Adds the log of a Chrome that starts. */
  add(path: string): void {
    this.paths.add(path)
    if (this.areMarked) this.mark(path)
  }

  /** Replaces the path of a log that has been moved. */
  move(from: string, to: string): void {
    if (from === to) return
    this.add(to)
    this.paths.delete(from)
    this.change(() => removeUnredactedMark(from))
  }

  /**
   * Marks the logs as not redacted, because the worker knows a secret that no other process knows.
   */
  readonly markAll = (): void => {
    if (this.areMarked) return
    this.areMarked = true
    for (const path of this.paths) this.mark(path)
  }

  /**
   * Redacts the logs of the Chromes that have ended, if the logs are marked. Never rejects; logs
   * its failures.
   */
  async redactEnded(): Promise<void> {
    const ended = [...this.paths]
    this.paths.clear()
    if (!this.areMarked) return
    for (const path of ended) {
      try {
        await redactFile(path)
        removeUnredactedMark(path)
      } catch (error) {
        this.log.warn(messageOf(error))
      }
    }
  }

  private mark(path: string): void {
    this.change(() => markUnredacted(path))
  }

  private change(change: () => void): void {
    try {
      change()
    } catch (error) {
      this.log.warn(messageOf(error))
    }
  }
}
