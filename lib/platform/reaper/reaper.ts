import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { entryPath } from '../../core/process/entry-path.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { identifyProcess } from '../process/process-identity.ts'
import { formatCommand } from './protocol.ts'

/** Most starts of a reaper. A reaper that dies repeatedly is blocked by the machine. */
const MOST_STARTS = 5

export interface Reaper {
  /** Ends the tree of `pid`, and the processes in its document, if this process dies. */
  watch(pid: number): void
  /** Stops watching `pid`, because its process has ended or may live on. */
  forget(pid: number): void
  /** Ends the watched processes and the reaper. */
  close(): void
  /** The reaper's own pid; `undefined` if there is none. */
  readonly pid: number | undefined
}

/**
 * Starts a small process that ends the watched processes once this process dies for any reason,
 * because its pipe to us closes then. The reaper has its own session, so a closed terminal does not
 * end it. `documents` is the folder of the workers' documents. Does nothing on Windows, which needs
 * no reaper (see job-object.ts).
 */
export function startReaper(documents?: string): Reaper {
  if (process.platform === 'win32') {
    return { watch: () => undefined, forget: () => undefined, close: () => undefined, pid: undefined }
  }
  return new ReaperProcess(documents)
}

class ReaperProcess implements Reaper {
  private readonly watched = new Map<number, ProcessIdentity>()
  private child: ChildProcess | undefined
  private starts = 0
  private closed = false
  private readonly documents: string | undefined

  constructor(documents: string | undefined) {
    this.documents = documents
    this.start()
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  watch(pid: number): void {
    const identity = identifyProcess(pid)
    if (identity === undefined) return
    this.watched.set(pid, identity)
    if (this.child?.pid === undefined && !this.closed) this.tryToStart()
    this.send(formatCommand({ type: 'add', identity }))
  }

  forget(pid: number): void {
    if (this.watched.delete(pid)) this.send(formatCommand({ type: 'remove', pid }))
  }

  close(): void {
    this.closed = true
    this.child?.stdin?.end()
  }

  private send(line: string): void {
    if (!this.closed) this.child?.stdin?.write(line)
  }

  /**
   * Starts a reaper if possible. A machine that starts no process now may start a process for the
   * next worker.
   */
  private tryToStart(): void {
    try {
      this.start()
    } catch {
      this.child = undefined
    }
  }

  private start(): void {
    this.starts++
    const child = spawn(
      process.execPath,
      [
        entryPath(import.meta.url, './reaper.entry'),
        ...(this.documents === undefined ? [] : [this.documents]),
      ],
      {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        // The options of a debugger or a loader are only for the console.
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    this.child = child
    child.on('error', () => undefined)
    this.starts = child.pid === undefined ? this.starts - 1 : this.starts
    // Without a file descriptor there is neither a process nor a pipe, so the next worker retries.
    if (child.pid === undefined) return
    // The exit follows a failed write and is more informative.
    child.stdin.on('error', () => undefined)
    child.once('close', () => {
      if (!this.closed && this.starts < MOST_STARTS) this.tryToStart()
    })
    child.unref()
    if (child.stdin instanceof Socket) child.stdin.unref()
    for (const identity of this.watched.values()) this.send(formatCommand({ type: 'add', identity }))
  }
}
