import type { Page } from 'puppeteer'
import { raceAbort } from '../../core/time/timeout.ts'
import { unseal } from '../../core/seal.ts'
import type { InputOrder } from '../../model/worker/worker-command.ts'
import { userKey } from '../../files/user-key.ts'
import { pathAt, focusOf } from './focused-frame.ts'
import type { ActivePage } from './active-page.ts'
import type { TypedText } from './typed-text.ts'

/** Matches the values of `autocomplete` of fields for a password or a one-time code. */
const SECRET_KIND = /(?:^|\s)(?:current-password|new-password|one-time-code)(?:\s|$)/i

/** Returns the size of the visible part of the page in CSS pixels. */
async function visiblePart(page: Page): Promise<{ readonly width: number; readonly height: number }> {
  const cdp = await page.createCDPSession()
  try {
    const { cssVisualViewport: view } = await cdp.send('Page.getLayoutMetrics')
    return { width: view.clientWidth, height: view.clientHeight }
  } finally {
    await cdp.detach().catch(() => undefined)
  }
}

/** The page in front, and everything else that is needed to send an input to it. */
export interface InputTarget {
  readonly front: ActivePage
  readonly workerId: string
  readonly typed: TypedText
  /** Aborts once the page has taken too long, or the person's wait is over. */
  readonly signal: AbortSignal
  /** Called after each character of a text. */
  readonly onProgress: () => void
}

/**
 * Sends a person's remote input to the page. Typed text was sealed for this worker. After the
 * signal aborts nothing is sent, because by the person's next action another page may be in front,
 * or another frame may have the focus.
 * @throws `hard-fail` if the page in front is another one than the person has seen, or if keys
 * would reach a frame that the person did not click; the signal's reason once it aborts.
 */
export async function dispatchInput(
  order: InputOrder,
  { front, workerId, typed, signal, onProgress }: InputTarget,
): Promise<void> {
  /** Settles as a request to the page does, unless the signal aborts first. */
  const unlessOver = <T>(asked: Promise<T>) => raceAbort(asked, signal)
  const { page, id } = await unlessOver(front.findSeen(order.page))
  switch (order.type) {
    case 'click': {
      typed.end()
      const isShare = order.unit === 'share'
      const { width, height } = isShare ? await unlessOver(visiblePart(page)) : { width: 1, height: 1 }
      const [x, y] = [order.x * width, order.y * height]
      // Found before the click, because the clicked frame, or another one, can move the focus
      // immediately.
      const path = await unlessOver(pathAt(page, x, y))
      front.requireSame(page, id)
      signal.throwIfAborted()
      const { mouse } = page
      // Sent together, so that no part of a click comes later than the rest.
      await unlessOver(Promise.all([mouse.move(x, y), mouse.down(), mouse.up()]))
      front.clickedOn(id, path)
      return
    }
    case 'key':
      await unlessOver(front.requireFocus(page, id))
      signal.throwIfAborted()
      typed.press(order.key)
      await unlessOver(page.keyboard.press(order.key))
      return
    case 'text': {
      const text = unseal(order.sealed, userKey(), workerId)
      // If the page does not reply, the field may be one for a password.
      const inPassword = await unlessOver(isPasswordFocused(page).catch(() => true))
      signal.throwIfAborted()
      typed.insert(text, inPassword)
      for (const character of text) {
        // Between two characters the page can navigate to another site, and a frame can take the
        // focus.
        await unlessOver(front.requireFocus(page, id))
        signal.throwIfAborted()
        await unlessOver(page.keyboard.type(character))
        onProgress()
      }
    }
  }
}

/** True if the focused element of the page is a field for a password or a one-time code. */
export async function isPasswordFocused(page: Page): Promise<boolean> {
  const { attributes } = await focusOf(page)
  return (
    attributes.get('type')?.toLowerCase() === 'password' ||
    SECRET_KIND.test(attributes.get('autocomplete') ?? '')
  )
}
