import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { basename } from 'node:path'
import type { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { raceAbort, withTimeout } from '../../core/time/timeout.ts'
import type { AutomateError } from '../../core/errors/errors.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { killedChild, unstartedChild } from '../../core/errors/child-errors.ts'

/** Texts for `refuse` if there is no valid reply. */
export interface NoReplyWords {
  /** The child sent an invalid reply. */
  readonly other: string
  /** The child ended without a reply. The exit code follows. */
  readonly ended: string
  /** The child did not reply in time. The time limit follows. */
  readonly late: string
}

export interface ChildQuestion<T> {
  /** Path of the child's entry, a file of `lib/loader` that sends one reply. */
  readonly entry: string
  /** Path of the author's file, which the child reads. */
  readonly file: string
  readonly reply: z.ZodType<T>
  readonly limitMs: number
  readonly words: NoReplyWords
  readonly refuse: (why: string) => AutomateError
  /** Signal that kills the child. The request then fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Result of a child that a signal killed before its reply. */
interface Killed {
  readonly killedBy: NodeJS.Signals
}

/**
 * Starts a child that reads a file of the author and sends one reply. The author's code never runs
 * in this process. The child is killed after its reply or at its time limit. If a signal kills the
 * child, it is started once more.
 * @throws The error of `refuse` if the code ends or blocks the child, or if the reply is invalid;
 * `environment-unfit` if a signal killed both children, or if the system cannot start a child.
 */
export async function requestChild<T>(question: ChildQuestion<T>): Promise<T> {
  const first = await askOnce(question)
  if ('value' in first) return first.value
  const second = await askOnce(question)
  if ('value' in second) return second.value
  throw killedChild(nameOf(question.file), second.killedBy)
}

const nameOf = (file: string): string => `The process that reads ${basename(file)}`

async function askOnce<T>({
  entry,
  file,
  reply,
  limitMs,
  words,
  refuse,
  signal,
}: ChildQuestion<T>): Promise<{ readonly value: T } | Killed> {
  signal?.throwIfAborted()
  const child = forkFor(file, entry)
  const replied = new Promise<{ readonly value: T } | Killed>((resolve, reject) => {
    child.once('message', message => {
      const parsed = reply.safeParse(message)
      if (parsed.success) resolve({ value: parsed.data })
      else reject(refuse(words.other))
    })
    child.once('error', error =>
      reject(child.pid === undefined ? unstartedChild(nameOf(file), error) : error),
    )
    child.once('exit', (code, signal) => {
      if (signal === null) reject(refuse(`${words.ended} (exit code ${code ?? 'unknown'})`))
      else resolve({ killedBy: signal })
    })
  })
  try {
    const awaited = signal === undefined ? replied : raceAbort(replied, signal)
    return await withTimeout(awaited, limitMs, 'The reply of the child', systemClock)
  } catch (error) {
    throw errorCode(error) === 'deadline' ? refuse(`${words.late} within ${limitMs} ms`) : error
  } finally {
    child.kill('SIGKILL')
  }
}

/**
 * Forks a child. Some errors of the system, such as a lack of memory, are thrown here. Others are
 * reported later, by the event `error`.
 */
function forkFor(file: string, entry: string): ChildProcess {
  try {
    return fork(entry, [file], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
  } catch (error) {
    throw unstartedChild(nameOf(file), error)
  }
}
