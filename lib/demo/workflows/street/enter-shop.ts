import type { Page } from '../../../index.ts'

/** Most tries. A shop that fails is back within a second or two. */
const TRIES = 6

/**
 * Opens a page of a shop. Retries if the shop is closed for a moment, and accepts its terms in a
 * pop-up.
 * @throws the error of the last try.
 */
export async function enterShop(page: Page, address: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    const problem = await visit(page, address)
    if (problem === null) break
    if (tried === TRIES) throw problem
  }
  if ((await page.$('#read-terms')) !== null) await acceptTerms(page)
}

/**
 * Visits an address. Returns null on success and an error if the connection breaks or the shop is
 * closed (503).
 */
async function visit(page: Page, address: string): Promise<Error | null> {
  try {
    const response = await page.goto(address)
    if (response?.ok() === true) return null
    return new Error(`${address} answered ${response?.status() ?? 'nothing'}`)
  } catch (error) {
    // A closed page or a cancelled job also ends here, and every further try then fails at once.
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Presses the button of the pop-up, which then closes itself and reloads the shop. */
async function acceptTerms(page: Page): Promise<void> {
  const opened = new Promise<Page | null>(resolve => {
    page.once('popup', resolve)
  })
  await page.click('#read-terms')
  const popup = await opened
  const reloaded = page.waitForNavigation()
  await popup?.waitForSelector('#accept-terms')
  // The response to the click closes the pop-up, at times before puppeteer receives the result of
  // the click, so only the shop's new page counts.
  await Promise.all([reloaded, popup?.click('#accept-terms').catch(() => undefined)])
}
