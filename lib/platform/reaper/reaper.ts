import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { entryPath } from '../../core/process/entry-path.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { identifyProcess } from '../process/process-identity.ts'
import { formatCommand } from './protocol.ts'

/** A reaper that keeps dying is not started again for ever: something on this machine does not want it. */
const MOST_STARTS = 5

export interface Reaper {
  /** The tree of `pid` shall not outlive this process, nor what its document names. */
  watch(pid: number): void
  /** `pid` has ended, or may live on. */
  forget(pid: number): void
  /** Ends what is still watched, and the reaper. */
  close(): void
  /** The reaper's own pid; `undefined` where there is none. */
  readonly pid: number | undefined
}

/**
 * Starts a small process that ends what this process watches, once this process has gone, at whatever death: its pipe to us closes then.
 * It has a session of its own, so that a closed terminal does not end it too. `documents` is the folder of the workers' documents. Windows needs none (see job-object.ts): there it does nothing.
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

  /** A machine that starts no process now may start one for the next worker. */
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
        // A debugger's or a loader's options are for the console.
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    this.child = child
    child.on('error', () => undefined)
    this.starts = child.pid === undefined ? this.starts - 1 : this.starts
    // Without a file descriptor there is neither a process nor a pipe to it: the next worker tries again.
    if (child.pid === undefined) return
    // The exit says more than a failed write, and follows it.
    child.stdin.on('error', () => undefined)
    child.once('close', () => {
      if (!this.closed && this.starts < MOST_STARTS) this.tryToStart()
    })
    child.unref()
    if (child.stdin instanceof Socket) child.stdin.unref()
    for (const identity of this.watched.values()) this.send(formatCommand({ type: 'add', identity }))
  }
}
