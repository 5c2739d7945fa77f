import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { entryPath } from '../../../core/process/entry-path.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Recording } from '../../../files/trace/recording.ts'
import { PackReply } from './pack-request.ts'
import type { PackRequest } from './pack-request.ts'

const ENTRY = entryPath(import.meta.url, './pack-thread.entry')

/**
 * Memory limit of the thread. A recording of hundreds of megabytes is packed in pieces, so a higher
 * use of memory is a fault, which must not end the console.
 */
const MEMORY_MEGABYTES = 512

/**
 * Packs recordings into traces, in a thread that only exists while there is a recording to pack.
 */
export class TracePacker {
  private readonly log: Log
  private readonly pending = new Map<number, string>()
  private readonly waiting = new Set<() => void>()
  private thread: Worker | undefined
  private count = 0

  constructor(log: Log) {
    this.log = log
  }

  /**
   * Queues a recording to be packed into the archive `zipFile`, unless it is queued already. Never
   * throws. A failure is logged, and the recording remains and is packed at the next start.
   */
  pack(recording: Recording, zipFile: string, reason: string): void {
    if ([...this.pending.values()].includes(zipFile)) return
    this.count += 1
    const request: PackRequest = { id: this.count, recording, zipFile, reason }
    try {
      this.thread ??= this.start()
      this.pending.set(request.id, zipFile)
      this.thread.postMessage(request)
    } catch (error) {
      this.log.warn(`The trace ${basename(zipFile)} could not be packed: ${messageOf(error)}`)
    }
  }

  /** Resolves when no recording remains to be packed. */
  idle(): Promise<void> {
    if (this.pending.size === 0) return Promise.resolve()
    return new Promise(resolve => this.waiting.add(resolve))
  }

  private start(): Worker {
    const thread = new Worker(ENTRY, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES } })
    thread.on('message', raw => {
      const { id, error } = PackReply.parse(raw)
      this.done(id, error)
    })
    thread.on('error', error => this.lose(thread, messageOf(error)))
    thread.on('exit', () => this.lose(thread, 'its thread ended'))
    // The thread need not keep the process alive. Recordings that are not packed by then are packed
    // at the next start.
    thread.unref()
    return thread
  }

  private done(id: number, error: string | null): void {
    const zipFile = this.pending.get(id)
    this.pending.delete(id)
    if (zipFile !== undefined && error !== null) {
      this.log.warn(`The trace ${basename(zipFile)} could not be packed: ${error}`)
    }
    if (this.pending.size > 0) return
    const { thread } = this
    this.thread = undefined
    void thread?.terminate()
    this.notifyIdle()
  }

  private lose(thread: Worker, reason: string): void {
    if (this.thread !== thread) return
    this.thread = undefined
    for (const zipFile of this.pending.values()) {
      this.log.warn(`The trace ${basename(zipFile)} could not be packed: ${reason}`)
    }
    this.pending.clear()
    this.notifyIdle()
  }

  private notifyIdle(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
