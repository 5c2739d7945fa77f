import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { entryPath } from '../../core/process/entry-path.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { identifyProcess } from '../process/process-identity.ts'
import { formatCommand } from './protocol.ts'

/**
 * Maximum number of times that the reaper is started. If it dies repeatedly, the machine does not
 * let it run.
 */
const MOST_STARTS = 5

export interface Reaper {
  /**
   * From now on, if this process dies, kills the process tree of `pid` and the processes that its
   * document lists.
   */
  watch(pid: number): void
  /** Stops watching `pid`, because the process has ended or may outlive this process. */
  forget(pid: number): void
  /** Kills the watched processes and ends the reaper. */
  close(): void
  /** Pid of the reaper; `undefined` if no reaper is running. */
  readonly pid: number | undefined
}

/**
 * Starts a small process that kills the watched processes once this process dies for any reason,
 * which the small process notices by the end of its pipe. The reaper runs in its own session, so
 * closing the terminal does not end it. `documents` is the folder of the workers' documents. Does
 * nothing on Windows, which does not need a reaper (see job-object.ts).
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
   * Starts a reaper if possible. If the machine cannot start a process now, it is tried again for
   * the next worker.
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
        // The options of a debugger or a loader are meant for the console only.
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    this.child = child
    child.on('error', () => undefined)
    this.starts = child.pid === undefined ? this.starts - 1 : this.starts
    // Without a free file descriptor there is neither a process nor a pipe. The next worker tries
    // again.
    if (child.pid === undefined) return
    // The write error is ignored, because the exit that follows is handled below.
    child.stdin.on('error', () => undefined)
    child.once('close', () => {
      if (!this.closed && this.starts < MOST_STARTS) this.tryToStart()
    })
    child.unref()
    if (child.stdin instanceof Socket) child.stdin.unref()
    for (const identity of this.watched.values()) this.send(formatCommand({ type: 'add', identity }))
  }
}
