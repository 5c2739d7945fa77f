import type { Page } from '../../../index.ts'

/** A shop whose lights went out is back within a second or two. */
const TRIES = 6

/**
 * Opens a page of a shop: comes back when the shop is closed for a moment, and accepts its terms, which stand in a pop-up.
 * Thrown after the last try: what the page said, or why it did not come.
 */
export async function enterShop(page: Page, address: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    const problem = await visit(page, address)
    if (problem === null) break
    if (tried === TRIES) throw problem
  }
  if ((await page.$('#read-terms')) !== null) await acceptTerms(page)
}

/** Null when the page came. A connection that breaks throws, a shop that is closed answers 503. */
async function visit(page: Page, address: string): Promise<Error | null> {
  try {
    const response = await page.goto(address)
    if (response?.ok() === true) return null
    return new Error(`${address} answered ${response?.status() ?? 'nothing'}`)
  } catch (error) {
    // A closed page or a cancelled job comes this way too, and then every further try fails at once.
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The pop-up closes itself and reloads the shop once its button was pressed. */
async function acceptTerms(page: Page): Promise<void> {
  const opened = new Promise<Page | null>(resolve => {
    page.once('popup', resolve)
  })
  await page.click('#read-terms')
  const popup = await opened
  const reloaded = page.waitForNavigation()
  await popup?.waitForSelector('#accept-terms')
  // The answer to the click closes the pop-up, at times before puppeteer has heard of the click; what counts is the shop's new page.
  await Promise.all([reloaded, popup?.click('#accept-terms').catch(() => undefined)])
}
