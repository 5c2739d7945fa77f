import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { faultIn } from '../../model/proxy/proxy.ts'
import { isMadeByLibrary } from '../../model/failure/stack-frame.ts'
import { browserErrorKind } from '../../authoring/browser-errors.ts'

/**
 * True if a failure is attributed to a proxy only because of an error of Chrome or a 407, which
 * have to be verified. An author's own `ProxyError` needs no verification.
 */
export function seemsToBeOfProxy(thrown: unknown): boolean {
  if (!isAutomateError(thrown)) return browserErrorKind(thrown)?.code === 'proxy'
  if (thrown.code !== 'proxy') return false
  const kind = faultIn(thrown.facts)?.kind
  if (kind !== undefined) return kind === 'refuses' || kind === 'no-login'
  // An error of Chrome that is classified already: in another worker, which ran the discovery for
  // all, or with an open dialog in its message.
  return isMadeByLibrary(String(thrown.stack), messageOf(thrown))
}

/**
 * Converts a failure of a worker without a proxy: returns a failure that seems to be a proxy's as
 * an error with code `navigate`, and any other failure unchanged.
 */
export function withoutProxy(thrown: unknown): unknown {
  if (!seemsToBeOfProxy(thrown)) return thrown
  return new AutomateError(
    'navigate',
    `This worker uses no proxy of the project, so the failure comes from the site, or from a proxy of the system or the workflow. Check whether the site works. ${messageOf(thrown)}`,
    { cause: thrown },
  )
}
