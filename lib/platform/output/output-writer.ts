import { Worker } from 'node:worker_threads'
import { writeAll } from '../../core/disk/whole-file.ts'
import { entryPath } from '../../core/process/entry-path.ts'
import { MAX_YOUNG_GENERATION_MB } from '../../core/process/heap-growth.ts'
import { messageOf, systemCode } from '../../core/errors/errors.ts'
import { endProcess } from '../process/end-process.ts'
import { STATE, STATE_LENGTH, isWriteResult } from './writer-protocol.ts'
import type { OutputDescriptor, WriteRequest, WriteResult } from './writer-protocol.ts'

/** Limit of the thread's heap, which holds only one frame or a few lines at a time. */
const MEMORY_MEGABYTES = 16

/**
 * Maximum number of bytes in one request to the thread. A job's result may have 32 MB, which would
 * exceed the thread's memory limit in a single message.
 */
const BYTES_A_REQUEST = 64 * 1024

/** Longest wait, when the process exits, for a terminal that accepts nothing. */
const EXIT_WAIT_MS = 5_000

/**
 * Longest wait for an abandoned write to end. The thread notices the abandonment at its next retry,
 * within 20 ms.
 */
const ABANDON_WAIT_MS = 500

export interface WriterListener {
  /** Called when a request has ended, successfully or not. */
  finished(result: WriteResult): void
}

/**
 * Writes to standard output and standard error in a thread. A write to a terminal blocks as long as
 * the terminal does not read (Ctrl+S, a hung ssh connection, selected text in a Windows console).
 * In the main thread it would block the scheduler.
 */
export class OutputWriter {
  private readonly state = new Int32Array(new SharedArrayBuffer(STATE_LENGTH * Int32Array.BYTES_PER_ELEMENT))
  private readonly listeners = new Set<WriterListener>()
  private readonly worker: Worker | undefined
  private readonly outstanding: Record<OutputDescriptor, number> = { 1: 0, 2: 0 }
  private requested = 0
  private failed = false
  private exitCode: number | undefined

  constructor() {
    this.worker = this.startThread()
    process.once('exit', code => {
      this.exitCode = code
      this.flush(EXIT_WAIT_MS)
    })
  }

  /** Number of requests that have not ended yet. */
  get pending(): number {
    return this.failed ? 0 : this.requested - Atomics.load(this.state, STATE.finished)
  }

  /** True if requests for a descriptor have not ended yet. */
  awaits(descriptor: OutputDescriptor): boolean {
    return this.pending > 0 && this.outstanding[descriptor] > 0
  }

  /** Counter that increases with each write that an output accepts. */
  get progress(): number {
    return Atomics.load(this.state, STATE.progress)
  }

  subscribe(listener: WriterListener): void {
    this.listeners.add(listener)
  }

  /** Queues the data and returns at once. */
  write(descriptor: OutputDescriptor, data: string | Uint8Array): void {
    if (this.abandoned) return
    if (this.worker === undefined || this.failed) {
      this.writeDirectly(descriptor, data)
      return
    }
    for (const piece of piecesOf(Buffer.from(data))) {
      this.requested += 1
      this.outstanding[descriptor] += 1
      this.worker.postMessage({ descriptor, data: piece } satisfies WriteRequest)
    }
  }

  /**
   * Blocks until all data is written, and returns true. If the terminal accepts nothing for
   * `idleMs`, abandons the remaining data, ignores later writes, and returns false.
   */
  flush(idleMs: number): boolean {
    while (!this.abandoned && this.pending > 0) {
      const finished = Atomics.load(this.state, STATE.finished)
      const progress = Atomics.load(this.state, STATE.progress)
      const waited = Atomics.wait(this.state, STATE.finished, finished, idleMs)
      if (waited === 'timed-out' && Atomics.load(this.state, STATE.progress) === progress) this.abandon()
    }
    if (!this.abandoned) return true
    this.endWhenStuck()
    return false
  }

  private get abandoned(): boolean {
    return Atomics.load(this.state, STATE.abandoned) === 1
  }

  private abandon(): void {
    Atomics.store(this.state, STATE.abandoned, 1)
    Atomics.notify(this.state, STATE.abandoned)
    const finished = Atomics.load(this.state, STATE.finished)
    if (this.pending > 0) Atomics.wait(this.state, STATE.finished, finished, ABANDON_WAIT_MS)
  }

  /**
   * Ends the process at once if it is exiting while a write is blocked, because Node would wait for
   * the thread.
   */
  private endWhenStuck(): void {
    if (this.exitCode === undefined || Atomics.load(this.state, STATE.inBlockingWrite) === 0) return
    endProcess(this.exitCode)
  }

  private startThread(): Worker | undefined {
    try {
      const worker = new Worker(entryPath(import.meta.url, './writer-thread.entry'), {
        workerData: this.state.buffer,
        execArgv: [],
        resourceLimits: {
          maxOldGenerationSizeMb: MEMORY_MEGABYTES,
          maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB,
        },
      })
      worker.on('message', (result: unknown) => {
        if (!isWriteResult(result)) return
        this.outstanding[result.descriptor] -= 1
        for (const listener of this.listeners) listener.finished(result)
      })
      worker.on('error', () => this.fail())
      worker.on('exit', () => this.fail())
      // `unref` comes last, because adding a message listener refs the thread again.
      worker.unref()
      return worker
    } catch {
      // No thread can be started (RLIMIT_NPROC). Writes from the main thread may block, as in any
      // program.
      return undefined
    }
  }

  private fail(): void {
    this.failed = true
  }

  private writeDirectly(descriptor: OutputDescriptor, data: string | Uint8Array): void {
    let error: WriteResult['error'] = null
    try {
      writeAll(descriptor, data)
    } catch (thrown) {
      error = { code: systemCode(thrown) ?? 'UNKNOWN', message: messageOf(thrown) }
    }
    setImmediate(() => {
      for (const listener of this.listeners) listener.finished({ descriptor, error })
    })
  }
}

/**
 * Splits UTF-8 text into pieces of at most BYTES_A_REQUEST bytes, and never within a character,
 * because a stream may decode each piece by itself.
 */
function* piecesOf(bytes: Buffer): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length;) {
    let to = Math.min(bytes.length, from + BYTES_A_REQUEST)
    while (to > from + 1 && to < bytes.length && isContinuation(bytes[to])) to -= 1
    yield bytes.subarray(from, to)
    from = to
  }
}

const isContinuation = (byte = 0): boolean => (byte & 0xc0) === 0x80

let writer: OutputWriter | undefined

/** Returns the single writer of this process. The first call starts its thread. */
export function outputWriter(): OutputWriter {
  writer ??= new OutputWriter()
  return writer
}
