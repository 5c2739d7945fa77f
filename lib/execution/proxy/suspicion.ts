import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { faultIn } from '../../model/proxy/proxy.ts'
import { isMadeByLibrary } from '../../model/failure/stack-frame.ts'
import { browserErrorKind } from '../../authoring/browser-errors.ts'

/**
 * Tells whether a failure counts as a proxy's for what Chrome or a 407 says, which nobody has checked yet. An
 * author's own `ProxyError` says what it means.
 */
export function seemsToBeOfProxy(thrown: unknown): boolean {
  if (!isAutomateError(thrown)) return browserErrorKind(thrown)?.code === 'proxy'
  if (thrown.code !== 'proxy') return false
  const kind = faultIn(thrown.facts)?.kind
  if (kind !== undefined) return kind === 'refuses' || kind === 'no-login'
  // What Chrome said, classified already: in another worker, which looked for all, or with an open dialog beside it.
  return isMadeByLibrary(String(thrown.stack), messageOf(thrown))
}

/** A failure that seems to be a proxy's in a worker that uses none → an error with code `navigate`; any other as it is. */
export function withoutProxy(thrown: unknown): unknown {
  if (!seemsToBeOfProxy(thrown)) return thrown
  return new AutomateError(
    'navigate',
    `This worker goes out without a proxy of the project, so the failure is that of the site, or of a proxy that the system or the workflow uses: see whether the site works. ${messageOf(thrown)}`,
    { cause: thrown },
  )
}
