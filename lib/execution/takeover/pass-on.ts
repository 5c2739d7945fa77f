import type { Page } from 'puppeteer'
import { unseal } from '../../core/seal.ts'
import type { InputOrder } from '../../domain/worker-order.ts'
import { userKey } from '../../files/user-key.ts'
import type { FrontPage } from './front-page.ts'
import { isPasswordFocused } from './password-focus.ts'
import type { TypedText } from './typed-text.ts'

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

/**
 * Does to the page what a person asked for from elsewhere. Typed text was sealed for this worker.
 * @throws `hard-fail` if the page in front is another one than the person has seen.
 */
export async function passOn(
  order: InputOrder,
  front: FrontPage,
  workerId: string,
  typed: TypedText,
): Promise<void> {
  const { page, id } = await front.findSeen(order.page)
  switch (order.type) {
    case 'click': {
      typed.end()
      const { width, height } = order.unit === 'share' ? await visiblePart(page) : { width: 1, height: 1 }
      front.requireSame(page, id)
      await page.mouse.click(order.x * width, order.y * height)
      front.seen(id)
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
      for (const character of text) {
        // The page can leave for another site between two characters.
        front.requireSame(page, id)
        await page.keyboard.type(character)
      }
    }
  }
}
