import type { Page } from 'puppeteer'
import type { Clock } from '../../core/clock.ts'
import { pause } from '../../core/deadline.ts'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors.ts'
import { isClosedTarget, mayBeDeath } from '../evidence/classify-error.ts'

/** When the browser dies, calls fail a moment before its end is known; the end is the better reason. */
const LOST_PATIENCE_MS = 250

const PROXY_AUTHENTICATION_REQUIRED = 407

/** What is known of a page beside what its calls throw. */
export class PageFacts {
  private status: number | undefined

  constructor(page: Page) {
    page.on('response', response => {
      if (response.frame() === page.mainFrame() && response.request().isNavigationRequest())
        this.status = response.status()
    })
  }

  /** A proxy that wants a login answers in the place of the site, and nothing throws: the phase fails on a page that is not the site's. */
  get refusedByProxy(): boolean {
    return this.status === PROXY_AUTHENTICATION_REQUIRED
  }
}

/**
 * The reason behind what a phase threw, where more is known than its text: the browser's death, a proxy's refusal, a page that was closed in a browser that lives.
 */
export async function betterReason(
  thrown: unknown,
  { lost, facts, clock }: { readonly lost: AbortSignal; readonly facts: PageFacts; readonly clock: Clock },
): Promise<unknown> {
  if (mayBeDeath(thrown)) await pause(LOST_PATIENCE_MS, clock, lost)
  if (lost.aborted) return lost.reason
  // The author's own errors say what they mean.
  if (isAutomateError(thrown)) return thrown
  if (facts.refusedByProxy) {
    return new AutomateError('proxy', 'The proxy asks for a login that the worker does not have (407).', {
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
