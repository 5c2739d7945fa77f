import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { entryPath } from '../../core/entry.ts'
import { AutomateError, errorFromRecord, messageOf } from '../../core/errors.ts'
import { FileReply } from './file-work.ts'
import type { FileReport, FileWork } from './file-work.ts'

type Wanted =
  | { readonly type: 'copy'; readonly from: string; readonly to: string }
  | { readonly type: 'compare'; readonly path: string; readonly copy: string }
  | { readonly type: 'check' | 'date'; readonly path: string }

/**
 * Runs work on a whole file in a thread of its own. After `signal` aborts the promise rejects once the thread has ended.
 * @throws `store-closed` after an abort, and what the work throws.
 */
export async function runFileWork(wanted: Wanted, signal: AbortSignal): Promise<FileReport> {
  requireGoing(signal)
  const folder = mkdtempSync(join(tmpdir(), 'automate-tui-check-'))
  const work: FileWork = { ...wanted, scratch: join(folder, 'database') }
  // The options of this process are not those of the thread: a test runner preloads its own modules.
  const worker = new Worker(entryPath(import.meta.url, './file-thread.entry'), { execArgv: [] })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await replyOf(worker, work, signal)
  } finally {
    signal.removeEventListener('abort', stop)
    rmSync(folder, { recursive: true, force: true })
  }
}

function replyOf(worker: Worker, work: FileWork, signal: AbortSignal): Promise<FileReport> {
  const { promise, resolve, reject } = Promise.withResolvers<FileReport>()
  let reply: FileReply | undefined
  let failure: unknown
  worker.once('message', raw => {
    reply = FileReply.parse(raw)
  })
  worker.once('error', error => {
    failure = error
  })
  worker.once('exit', () => {
    if (reply?.ok === true) resolve(reply.report)
    else if (reply?.ok === false) reject(errorFromRecord(reply.error))
    else if (signal.aborted) reject(closed())
    else reject(new AutomateError('bug', `The thread for a database file ended: ${messageOf(failure)}`))
  })
  worker.postMessage(work)
  return promise
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw closed()
}

function closed(): AutomateError {
  return new AutomateError('store-closed', 'The store was closed before this was done. Open it again.')
}
