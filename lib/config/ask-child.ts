import { fork } from 'node:child_process'
import type { z } from 'zod'
import { systemClock } from '../core/clock.ts'
import { withDeadline } from '../core/deadline.ts'
import type { AutomateError } from '../core/errors.ts'
import { errorCode } from '../core/errors.ts'

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
}

/**
 * Has a child answer one question about a file of the author's code, which never runs in this process. The child is killed after its reply or its time.
 * Thrown: what `refuse` makes of it when the code ends or blocks the child, or the reply is none.
 */
export async function askChild<T>({
  entry,
  file,
  reply,
  limitMs,
  words,
  refuse,
}: ChildQuestion<T>): Promise<T> {
  const child = fork(entry, [file], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
  const replied = new Promise<T>((resolve, reject) => {
    child.once('message', message => {
      const parsed = reply.safeParse(message)
      if (parsed.success) resolve(parsed.data)
      else reject(refuse(words.other))
    })
    child.once('error', reject)
    child.once('exit', code => reject(refuse(`${words.ended} (exit code ${code ?? 'unknown'})`)))
  })
  try {
    return await withDeadline(replied, limitMs, 'The reply of the child', systemClock)
  } catch (error) {
    throw errorCode(error) === 'deadline' ? refuse(`${words.late} within ${limitMs} ms`) : error
  } finally {
    child.kill('SIGKILL')
  }
}
