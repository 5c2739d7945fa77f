import type { Page } from '../../../index.ts'

/** Maximum number of tries. A shop that fails works again within a second or two. */
const TRIES = 6

/**
 * Opens a page of a shop. Retries if the shop is temporarily unavailable, and accepts the shop's
 * terms in a pop-up.
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
 * Visits an address. Returns null on success, or an error if the connection breaks or the response
 * has an error status (503 if the shop is unavailable).
 */
async function visit(page: Page, address: string): Promise<Error | null> {
  try {
    const response = await page.goto(address)
    if (response?.ok() === true) return null
    return new Error(`${address} answered ${response?.status() ?? 'nothing'}`)
  } catch (error) {
    // A closed page or a cancelled job also leads here. Every further try then fails at once.
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
  // The response to the click closes the pop-up, sometimes before puppeteer receives the result of
  // the click. The click may therefore fail, and only the reload of the shop's page counts as
  // success.
  await Promise.all([reloaded, popup?.click('#accept-terms').catch(() => undefined)])
}
