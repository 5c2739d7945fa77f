import type { BrowserContext, Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'

/**
 * Name of the isolated world in which the storage of a page is read. The scripts of the page cannot
 * access this world.
 */
const WORLD = 'automate-tui-storage'

/**
 * Runs an expression in the main frame of an open page, in an isolated world, so that the page's
 * changes to built-in functions have no effect. Rejects after `limitMs`.
 */
export async function inOpenPage(
  page: Page,
  expression: string,
  limitMs: number,
  clock: Clock,
): Promise<unknown> {
  const session = await page.createCDPSession()
  const run = async () => {
    const { frameTree } = await session.send('Page.getFrameTree')
    const world = { frameId: frameTree.frame.id, worldName: WORLD }
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', world)
    const { result, exceptionDetails: failed } = await session.send('Runtime.evaluate', {
      ...{ expression, contextId },
      ...{ awaitPromise: true, returnByValue: true },
    })
    if (failed !== undefined) throw new Error(failed.exception?.description ?? failed.text)
    const value: unknown = result.value
    return value
  }
  try {
    return await withTimeout(run(), limitMs, 'Its storage', clock)
  } finally {
    // Fails if the page has closed, because its session has then ended, too.
    void session.detach().catch(() => undefined)
  }
}

/**
 * Runs an expression in an empty page of an origin. The page sends no request to the site. Rejects
 * after `limitMs`.
 */
export async function inEmptyPage(
  context: BrowserContext,
  origin: string,
  expression: string,
  limitMs: number,
  clock: Clock,
): Promise<unknown> {
  const page = await context.newPage()
  const run = async () => {
    await page.setBypassServiceWorker(true)
    await page.setRequestInterception(true)
    page.on('request', request => {
      void request
        .respond({ status: 200, contentType: 'text/html', body: '<!doctype html>' })
        .catch(() => undefined)
    })
    await page.goto(origin)
    return page.evaluate(expression)
  }
  try {
    return await withTimeout(
      runInternal(() => run()),
      limitMs,
      'Its storage',
      clock,
    )
  } finally {
    await page.close()
  }
}
