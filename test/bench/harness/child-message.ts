import type { ChildProcess } from 'node:child_process'
import type { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { withTimeout } from '../../../lib/core/time/timeout.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'

interface Settle<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

interface Listeners {
  readonly message: (message: unknown) => void
  readonly exit: (code: number | null, signal: string | null) => void
}

/**
 * Settles at the first message, exit or error that decides the result, and removes its listeners.
 */
function hear<T>(child: ChildProcess, decide: (settle: Settle<T>) => Listeners): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = () => {
      child.off('message', listeners.message)
      child.off('exit', listeners.exit)
      child.off('error', fail)
    }
    const fail = (error: Error) => {
      forget()
      reject(error)
    }
    const succeed = (value: T) => {
      forget()
      resolve(value)
    }
    const listeners = decide({ resolve: succeed, reject: fail })
    child.on('message', listeners.message)
    child.on('exit', listeners.exit)
    child.on('error', fail)
  })
}

/**
 * Returns the next message of a child, parsed. Rejects if the child ends first, sends another
 * message, or sends none within `limitMs`. `who` names it in these errors.
 */
export function nextMessage<T>(
  child: ChildProcess,
  schema: z.ZodType<T>,
  limitMs: number,
  who: string,
): Promise<T> {
  const message = hear<T>(child, ({ resolve, reject }) => ({
    message: raw => {
      const parsed = schema.safeParse(raw)
      if (parsed.success) resolve(parsed.data)
      else reject(new AutomateError('unexpected', `${who} sent something unknown: ${JSON.stringify(raw)}.`))
    },
    exit: (code, signal) =>
      reject(
        new AutomateError('worker-exit', `${who} ended (${code ?? signal ?? 'no code'}) before it answered.`),
      ),
  }))
  return withTimeout(message, limitMs, `The answer of ${who}`, systemClock)
}

/** Returns the exit code of a child (`null` if a signal ended it). Ignores messages on the way. */
export function childExit(child: ChildProcess, limitMs: number, who: string): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  const exit = hear<number | null>(child, ({ resolve }) => ({ message: () => undefined, exit: resolve }))
  return withTimeout(exit, limitMs, `The end of ${who}`, systemClock)
}
