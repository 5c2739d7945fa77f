import { AutomateError, messageOf } from './errors.ts'
import { systemRemedy } from './system-remedy.ts'

/** The error of a child that the system did not start. `what` names the child: "The process that reads automate.config.ts". */
export function unstartedChild(what: string, cause: unknown): AutomateError {
  const remedy = systemRemedy(cause)
  const action = remedy === undefined ? '' : ` ${remedy}.`
  return new AutomateError('environment-unfit', `${what} did not start: ${messageOf(cause)}.${action}`, {
    cause,
  })
}
