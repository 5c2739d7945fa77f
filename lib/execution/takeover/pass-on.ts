import type { Page } from 'puppeteer'
import { unseal } from '../../core/seal.ts'
import type { InputOrder } from '../../domain/worker-order.ts'
import { userKey } from '../../files/user-key.ts'
import { pathAt } from './focused-frame.ts'
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
 * @throws `hard-fail` if the page in front is another one than the person has seen, or if keys would
 * go to a frame that the person did not click on.
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
      const [x, y] = [order.x * width, order.y * height]
      // Asked before the click: its frame, or another one, can move the focus as soon as it comes.
      const path = await pathAt(page, x, y)
      front.requireSame(page, id)
      await page.mouse.click(x, y)
      front.clickedOn(id, path)
      return
    }
    case 'key':
      await front.requireFocus(page, id)
      typed.press(order.key)
      await page.keyboard.press(order.key)
      return
    case 'text': {
      const text = unseal(order.sealed, userKey(), workerId)
      // A page that cannot be asked may show a field for a password.
      typed.insert(text, await isPasswordFocused(page).catch(() => true))
      for (const character of text) {
        // Between two characters the page can leave for another site, and a frame can take the focus.
        await front.requireFocus(page, id)
        front.requireSame(page, id)
        await page.keyboard.type(character)
      }
    }
  }
}
