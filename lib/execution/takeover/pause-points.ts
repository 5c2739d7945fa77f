import type { Page } from 'puppeteer'
import { PAGE_CALLS, wrapCalls } from '../browser/page-calls.ts'

/**
 * Lets an operator's pause take effect before the page's next action, so that no limit of the action itself runs meanwhile. `pending` is asked at each; `pause` resolves when the work
 * may go on.
 */
export function setPausePoints(page: Page, pending: () => boolean, pause: () => Promise<void>): void {
  wrapCalls(page, PAGE_CALLS, (_name, _args, call) => (pending() ? pause().then(call) : call()))
}
