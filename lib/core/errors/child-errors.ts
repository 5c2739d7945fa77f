import { AutomateError, messageOf } from './errors.ts'
import { systemRemedy } from './system-remedy.ts'

/**
 * Returns the error for a child process that the system could not start. `what` names the child as
 * the subject of the message, such as "The process that reads automate.config.ts".
 */
export function unstartedChild(what: string, cause: unknown): AutomateError {
  const remedy = systemRemedy(cause)
  const action = remedy === undefined ? '' : ` ${remedy}.`
  return new AutomateError('environment-unfit', `${what} did not start: ${messageOf(cause)}.${action}`, {
    cause,
  })
}

/**
 * Returns the error for a child process that a signal has killed twice, at its first start and at
 * the retry. The error blames no file, because the system also kills processes, for example when
 * memory is short. `what` names the child as the subject of the message, such as "The process that
 * reads automate.config.ts".
 */
export function killedChild(what: string, signal: NodeJS.Signals): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `${what} was killed by ${signal}, twice. The system does this when memory is short. Free some memory, then try again.`,
    { facts: { signal } },
  )
}
