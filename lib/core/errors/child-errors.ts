import { AutomateError, messageOf } from './errors.ts'
import { systemRemedy } from './system-remedy.ts'

/**
 * Returns the error of a child that the system did not start. `what` names the child: "The process
 * that reads automate.config.ts".
 */
export function unstartedChild(what: string, cause: unknown): AutomateError {
  const remedy = systemRemedy(cause)
  const action = remedy === undefined ? '' : ` ${remedy}.`
  return new AutomateError('environment-unfit', `${what} did not start: ${messageOf(cause)}.${action}`, {
    cause,
  })
}

/**
 * Returns the error of a child that a signal killed at its second try, too. The error blames no
 * file, because the system kills processes as well, such as when memory is short. `what` names the
 * child: "The process that reads automate.config.ts".
 */
export function killedChild(what: string, signal: NodeJS.Signals): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `${what} was killed by ${signal}, twice. The system does this when memory is short. Free some memory, then try again.`,
    { facts: { signal } },
  )
}
