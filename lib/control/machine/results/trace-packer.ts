import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { entryPath } from '../../../core/process/entry-path.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Recording } from '../../../files/trace/recording.ts'
import { PackReply } from './pack-request.ts'
import type { PackRequest } from './pack-request.ts'

const ENTRY = entryPath(import.meta.url, './pack-thread.entry')

/** A recording of hundreds of megabytes passes through in pieces; more than this is a fault that must not take the console with it. */
const MEMORY_MEGABYTES = 512

/** Packs recordings into traces beside the scheduler's own work, in a thread that lives only while there is something to pack. */
export class TracePacker {
  private readonly log: Log
  private readonly pending = new Map<number, string>()
  private readonly waiting = new Set<() => void>()
  private thread: Worker | undefined
  private count = 0

  constructor(log: Log) {
    this.log = log
  }

  /** Asks for the archive `zipFile`, unless it is on its way. Never throws: what could not be packed stays, is logged, and is tried again at the next start. */
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

  /** Resolves when nothing is left to pack. */
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
    // What is not packed when the program ends is packed at the next start.
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
