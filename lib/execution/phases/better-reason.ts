import type { Clock } from '../../core/clock.ts'
import { pause } from '../../core/deadline.ts'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors.ts'
import type { ProxyFault } from '../../domain/proxy.ts'
import { isClosedTarget, mayBeDeath } from '../evidence/classify-error.ts'
import { refusedError } from './page-facts.ts'
import type { PageFacts } from './page-facts.ts'

/** When the browser dies, calls fail a moment before its end is known; the end is the better reason. */
const LOST_PATIENCE_MS = 250

/**
 * The reason behind what a phase threw, where more is known than its text: the browser's death, a proxy's or a domain's refusal, a page that was closed in a browser that lives.
 */
export async function betterReason(
  thrown: unknown,
  { lost, facts, clock }: { readonly lost: AbortSignal; readonly facts: PageFacts; readonly clock: Clock },
): Promise<unknown> {
  if (mayBeDeath(thrown)) await pause(LOST_PATIENCE_MS, clock, lost)
  if (lost.aborted) return lost.reason
  // The author's own errors say what they mean; a limit that has passed does not say why.
  if (isAutomateError(thrown) && thrown.code !== 'phase-timeout') return thrown
  if (facts.refusal !== undefined) return refusedError(facts.refusal, thrown)
  if (isAutomateError(thrown)) return thrown
  if (facts.refusedByProxy) {
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
