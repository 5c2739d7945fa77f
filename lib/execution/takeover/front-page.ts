import type { BrowserContext, Page } from 'puppeteer'
import { unseal } from '../../core/seal.ts'
import type { WorkerOrder } from '../../domain/worker-order.ts'
import { userKey } from '../../files/user-key.ts'
import { AutomateError } from '../../core/errors.ts'
import { isPasswordFocused } from './password-focus.ts'
import type { TypedText } from './typed-text.ts'

/** The page that a person would see: the one that was opened last. */
export async function frontPage(context: BrowserContext): Promise<Page> {
  const page = (await context.pages()).findLast(one => !one.isClosed())
  if (page !== undefined) return page
  throw new AutomateError('browser-crash', 'The worker has no open page.')
}

/** The size of what the page shows, in its own pixels. */
async function visiblePart(page: Page): Promise<{ readonly width: number; readonly height: number }> {
  const cdp = await page.createCDPSession()
  try {
    const { cssVisualViewport: view } = await cdp.send('Page.getLayoutMetrics')
    return { width: view.clientWidth, height: view.clientHeight }
  } finally {
    await cdp.detach().catch(() => undefined)
  }
}

export type InputOrder = Extract<WorkerOrder, { type: 'click' | 'key' | 'text' }>

/** Does to the page what a person asked for from elsewhere. Typed text was sealed for this worker. */
export async function passOn(
  order: InputOrder,
  context: BrowserContext,
  workerId: string,
  typed: TypedText,
): Promise<void> {
  const page = await frontPage(context)
  switch (order.type) {
    case 'click': {
      typed.end()
      const { width, height } = order.unit === 'share' ? await visiblePart(page) : { width: 1, height: 1 }
      await page.mouse.click(order.x * width, order.y * height)
      return
    }
    case 'key':
      typed.press(order.key)
      await page.keyboard.press(order.key)
      return
    case 'text': {
      const text = unseal(order.sealed, userKey(), workerId)
      // A page that cannot be asked may show a field for a password.
      typed.insert(text, await isPasswordFocused(page).catch(() => true))
      await page.keyboard.type(text)
    }
  }
}
