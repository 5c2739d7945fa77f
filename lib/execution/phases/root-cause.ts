import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'
import { rateLimitedError } from '../browser/pages/navigation-status.ts'
import type { OpenDialog, PageFacts } from '../browser/pages/navigation-status.ts'
import { classifyError, isClosedTarget, mayBeDeath } from '../diagnostics/classify-error.ts'

/**
 * When the browser or its page dies, calls fail before the end is known, and the end is the better reason. It comes within
 * milliseconds, and after more than a quarter of a second on a loaded machine.
 */
const LOST_PATIENCE_MS = 2_000

/** A page writes the text of its dialog; the beginning identifies it. */
const DIALOG_EXCERPT = 80

const REMEDY = {
  print:
    'Replace the function before the page loads: page.evaluateOnNewDocument(() => { window.print = () => {} }).',
  others: "Close it in a listener: page.on('dialog', dialog => dialog.accept()).",
} as const

export interface Circumstances {
  readonly lost: AbortSignal
  /** The facts of the page on which it failed. */
  readonly facts: PageFacts | undefined
  /** The dialog that is open there. */
  readonly dialog: OpenDialog | undefined
  readonly clock: Clock
}

/**
 * The reason behind what a phase threw, where more is known than its text: the browser's death, a proxy's or a domain's refusal, a page that was closed in a browser that lives, an open dialog.
 */
export async function findRootCause(
  thrown: unknown,
  { lost, facts, dialog, clock }: Circumstances,
): Promise<unknown> {
  if (mayBeDeath(thrown)) await delay(LOST_PATIENCE_MS, clock, lost)
  if (lost.aborted) return lost.reason
  // The author's own errors say what they mean; a limit that has passed does not say why.
  if (isAutomateError(thrown) && thrown.code !== 'phase-timeout') return thrown
  if (facts?.refusal !== undefined) return rateLimitedError(facts.refusal, thrown)
  if (dialog !== undefined) return dialogError(thrown, dialog)
  if (isAutomateError(thrown)) return thrown
  if (facts?.refusedByProxy === true) {
    const fault: ProxyFault = { kind: 'no-login' }
    return new AutomateError('proxy', 'The proxy asks for a login that the worker does not have (407).', {
      facts: { fault },
      cause: thrown,
    })
  }
  if (!isClosedTarget(thrown)) return thrown
  return new AutomateError(
    'navigate',
    `The page was closed, by the workflow or by itself, while it was worked on: ${messageOf(thrown)}`,
    { cause: thrown },
  )
}

/** The same failure with the dialog in its words: an open one blocks every call of its page. */
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
