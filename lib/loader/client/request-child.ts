import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { basename } from 'node:path'
import type { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { raceAbort, withTimeout } from '../../core/time/timeout.ts'
import type { AutomateError } from '../../core/errors/errors.ts'
import { errorCode } from '../../core/errors/errors.ts'
import { killedChild, unstartedChild } from '../../core/errors/child-errors.ts'

/** Why there is no reply, as `refuse` takes it: each is followed by what is known of it. */
export interface NoReplyWords {
  /** The child has sent something else. */
  readonly other: string
  /** Followed by its exit code. */
  readonly ended: string
  /** Followed by the limit. */
  readonly late: string
}

export interface ChildQuestion<T> {
  /** What the child runs: an entry of `lib/execution`, which sends one reply. */
  readonly entry: string
  /** The author's file. */
  readonly file: string
  readonly reply: z.ZodType<T>
  readonly limitMs: number
  readonly words: NoReplyWords
  readonly refuse: (why: string) => AutomateError
  /** Kills the child: the question then fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/** The end of a child that a signal has killed before it replied. */
interface Killed {
  readonly killedBy: NodeJS.Signals
}

/**
 * Has a child answer one question about a file of the author's code, which never runs in this process. The child is killed after its reply or its time. A child that
 * a signal kills is started once more.
 * Thrown: what `refuse` makes of it when the code ends or blocks the child, or the reply is none; with code `environment-unfit` when both children were killed, or the system starts none.
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

/** The system reports some lacks, such as that of memory, at once, and others later. */
function forkFor(file: string, entry: string): ChildProcess {
  try {
    return fork(entry, [file], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
  } catch (error) {
    throw unstartedChild(nameOf(file), error)
  }
}
