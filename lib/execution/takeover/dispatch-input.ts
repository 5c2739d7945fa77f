import type { Page } from 'puppeteer'
import { raceAbort } from '../../core/time/timeout.ts'
import { unseal } from '../../core/seal.ts'
import type { InputOrder } from '../../model/worker/worker-command.ts'
import { userKey } from '../../files/user-key.ts'
import { pathAt, focusOf } from './focused-frame.ts'
import type { ActivePage } from './active-page.ts'
import type { TypedText } from './typed-text.ts'
/** Kinds of `autocomplete` whose fields hold a password or a code. */
const SECRET_KIND = /(?:^|\s)(?:current-password|new-password|one-time-code)(?:\s|$)/i

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

/** The page in front, and what an input to it needs. */
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
 * Does to the page what a person asked for from elsewhere. Typed text was sealed for this worker.
 * Nothing is sent to the page after the signal has aborted: what the person did next has another
 * page before it, and perhaps another frame with the focus.
 * @throws `hard-fail` if the page in front is another one than the person has seen, or if keys would
 * go to a frame that the person did not click on; the signal's reason once that aborts.
 */
export async function dispatchInput(
  order: InputOrder,
  { front, workerId, typed, signal, onProgress }: InputTarget,
): Promise<void> {
  /** Settles as a question to the page or an input does, unless the signal aborts before. */
  const unlessOver = <T>(asked: Promise<T>) => raceAbort(asked, signal)
  const { page, id } = await unlessOver(front.findSeen(order.page))
  switch (order.type) {
    case 'click': {
      typed.end()
      const isShare = order.unit === 'share'
      const { width, height } = isShare ? await unlessOver(visiblePart(page)) : { width: 1, height: 1 }
      const [x, y] = [order.x * width, order.y * height]
      // Asked before the click: its frame, or another one, can move the focus as soon as it comes.
      const path = await unlessOver(pathAt(page, x, y))
      front.requireSame(page, id)
      signal.throwIfAborted()
      const { mouse } = page
      // Sent together: no part of a click comes later than the rest of it.
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
      // A page that cannot be asked may show a field for a password.
      const inPassword = await unlessOver(isPasswordFocused(page).catch(() => true))
      signal.throwIfAborted()
      typed.insert(text, inPassword)
      for (const character of text) {
        // Between two characters the page can leave for another site, and a frame can take the focus.
        await unlessOver(front.requireFocus(page, id))
        front.requireSame(page, id)
        signal.throwIfAborted()
        await unlessOver(page.keyboard.type(character))
        onProgress()
      }
    }
  }
}

/** Returns whether the element that receives the keys of a page is a field for a password or code. */
export async function isPasswordFocused(page: Page): Promise<boolean> {
  const { attributes } = await focusOf(page)
  return (
    attributes.get('type')?.toLowerCase() === 'password' ||
    SECRET_KIND.test(attributes.get('autocomplete') ?? '')
  )
}
