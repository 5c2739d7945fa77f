import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'
import { rateLimitedError } from '../browser/pages/navigation-status.ts'
import type { OpenDialog, PageFacts } from '../browser/pages/navigation-status.ts'
import { classifyError, isClosedTarget, mayBeDeath } from '../diagnostics/classify-error.ts'

/**
 * Longest wait until the end of the browser or its page is known. Calls fail before that, and the
 * end is the better reason. It is known within milliseconds, or after more than a quarter of a
 * second on a loaded machine.
 */
const LOST_PATIENCE_MS = 2_000

/**
 * Maximum length of a dialog's text in an error, in UTF-16 code units. A page writes the text, and
 * the beginning identifies the dialog.
 */
const DIALOG_EXCERPT = 80

const REMEDY = {
  print:
    'Replace the function before the page loads: page.evaluateOnNewDocument(() => { window.print = () => {} }).',
  others: "Close it in a listener: page.on('dialog', dialog => dialog.accept()).",
} as const

export interface Circumstances {
  readonly lost: AbortSignal
  /** Facts of the page on which the phase failed. */
  readonly facts: PageFacts | undefined
  /** Dialog that blocks the page on which the phase failed. */
  readonly dialog: OpenDialog | undefined
  readonly clock: Clock
}

/**
 * Returns the root cause of a phase's error if it can be found: the crash of the browser, the
 * refusal of a proxy or a domain, a page that was closed in a living browser, or an open dialog.
 * Otherwise returns the error itself.
 */
export async function findRootCause(
  thrown: unknown,
  { lost, facts, dialog, clock }: Circumstances,
): Promise<unknown> {
  if (mayBeDeath(thrown)) await delay(LOST_PATIENCE_MS, clock, lost)
  if (lost.aborted) return lost.reason
  // The author's own errors are precise, but the error of an exceeded limit does not state the
  // reason.
  if (isAutomateError(thrown) && thrown.code !== 'phase-timeout') return thrown
  if (facts?.refusal !== undefined) return rateLimitedError(facts.refusal, thrown)
  if (dialog !== undefined) return dialogError(thrown, dialog)
  if (isAutomateError(thrown)) return thrown
  if (facts?.refusedByProxy === true) {
    const fault: ProxyFault = { kind: 'no-login' }
    return new AutomateError('proxy', 'The proxy requires a login that the worker does not have (407).', {
      facts: { fault },
      cause: thrown,
    })
  }
  if (!isClosedTarget(thrown)) return thrown
  return new AutomateError(
    'navigate',
    `The page was closed, by the workflow or by itself, while it was in use: ${messageOf(thrown)}`,
    { cause: thrown },
  )
}

/**
 * Returns the error with the open dialog added to its message, because an open dialog blocks every
 * call of its page.
 */
function dialogError(thrown: unknown, { type, message }: OpenDialog): AutomateError {
  const error = classifyError(thrown, null)
  const { code, name, facts, cause, recovery, stack = '' } = error
  const text = message === '' ? type : `${type} ${JSON.stringify(knownSecrets.head(message, DIALOG_EXCERPT))}`
  const named = new AutomateError(
    code,
    `${error.message.replace(/[^.!?]$/, '$&.')} A dialog is open and blocks the page: ${text}. ${REMEDY[type === 'print' ? 'print' : 'others']}`,
    { facts: { ...facts, dialog: type }, cause, recovery },
  )
  named.name = name
  const frames = stack.slice(`${name}: ${error.message}`.length)
  named.stack = `${name}: ${named.message}${frames}`
  return named
}
