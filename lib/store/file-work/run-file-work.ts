import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { entryPath } from '../../core/process/entry-path.ts'
import { AutomateError, errorFromRecord, messageOf } from '../../core/errors/errors.ts'
import { FileReply } from './file-work.ts'
import type { FileReport, FileWork, WantedFileWork } from './file-work.ts'

const MS_A_SECOND = 1_000

/**
 * Longest wait for a killed process to end. It does not end in time if a system call waits for a
 * disk or a server that does not respond.
 */
const END_MS = 2_000

/** Time limit of work in a folder that may be on a network share. */
export interface FolderLimit {
  readonly folder: string
  readonly limitMs: number
}

/** By folder, the child that hangs there and has not ended although it was killed. */
const hanging = new Map<string, ChildProcess>()

/**
 * Runs work on files in a process of its own. A system call that hangs then blocks only that
 * process, while a thread that hangs would prevent this process from exiting. If `signal` aborts,
 * the promise rejects when the child has ended, or after 2 s.
 * @throws `store-closed` after an abort.
 * @throws `deadline` after the time limit, or if earlier work still hangs in the same folder.
 * @throws the errors of the work.
 */
export async function runFileWork(
  wanted: WantedFileWork,
  signal: AbortSignal,
  limit?: FolderLimit,
): Promise<FileReport> {
  requireGoing(signal)
  if (limit !== undefined && hanging.has(limit.folder)) throw doesNotRespond(limit.folder)
  const scratch = mkdtempSync(join(tmpdir(), 'automate-tui-check-'))
  try {
    const work: FileWork = { ...wanted, scratch: join(scratch, 'database') }
    return await workInChild(work, signal, limit)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function workInChild(work: FileWork, signal: AbortSignal, limit?: FolderLimit): Promise<FileReport> {
  // This process's own `execArgv` is not passed on, because a test runner preloads its modules with
  // it.
  const child = fork(entryPath(import.meta.url, './file-child.entry'), [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const interrupted = Promise.withResolvers<undefined>()
  const interrupt = () => interrupted.resolve(undefined)
  signal.addEventListener('abort', interrupt, { once: true })
  const forgetLimit = limit === undefined ? () => undefined : systemClock.after(limit.limitMs, interrupt)
  const replied = replyOf(child, exited)
  child.send(work, () => undefined)
  try {
    const reply = await Promise.race([replied, interrupted.promise])
    if (reply !== undefined) return reply
    child.kill('SIGKILL')
    await withTimeout(exited, END_MS, 'The end of a process', systemClock).catch(() =>
      leaveHanging(child, limit),
    )
    if (signal.aborted) throw closed()
    throw doesNotRespond(limit?.folder ?? '', limit?.limitMs)
  } finally {
    replied.catch(() => undefined)
    forgetLimit()
    signal.removeEventListener('abort', interrupt)
  }
}

/** Allows this process to exit before the child. */
function leaveHanging(child: ChildProcess, limit: FolderLimit | undefined): void {
  child.unref()
  if (child.connected) child.disconnect()
  if (limit === undefined) return
  hanging.set(limit.folder, child)
  child.once('exit', () => hanging.delete(limit.folder))
}

async function replyOf(child: ChildProcess, exited: Promise<void>): Promise<FileReport> {
  let reply: FileReply | undefined
  let failure: unknown
  child.once('message', raw => {
    // If another version of the program was installed in the meantime, its child may send other
    // replies.
    const parsed = FileReply.safeParse(raw)
    if (parsed.success) reply = parsed.data
    else failure = parsed.error
  })
  child.once('error', error => {
    failure = error
  })
  child.once('exit', (code, killedBy) => {
    failure ??= `exit code ${code ?? killedBy ?? 'unknown'}`
  })
  await exited
  if (reply?.ok === true) return reply.report
  if (reply?.ok === false) throw errorFromRecord(reply.error)
  throw new AutomateError(
    'environment-unfit',
    `The process for a database file ended without a result: ${messageOf(failure)}. Try again.`,
  )
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw closed()
}

function closed(): AutomateError {
  return new AutomateError(
    'store-closed',
    'The store was closed before this work was done. Open the store again.',
  )
}

function doesNotRespond(folder: string, limitMs?: number): AutomateError {
  const since =
    limitMs === undefined ? 'still does not respond' : `did not respond within ${limitMs / MS_A_SECOND} s`
  return new AutomateError(
    'deadline',
    `The disk or network share of ${folder} ${since}. Check it, or choose another folder.`,
    { facts: { folder } },
  )
}
