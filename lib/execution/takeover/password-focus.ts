import type { Frame, Page } from 'puppeteer'

/** The element of a document that receives keys, as an expression for the page. */
const FOCUSED = `(() => {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused
})()`

const IS_PASSWORD = `(focused =>
  focused?.getAttribute('type')?.toLowerCase() === 'password' ||
  /(?:^|\\s)(?:current-password|new-password|one-time-code)(?:\\s|$)/i.test(focused?.getAttribute('autocomplete') ?? '')
)(${FOCUSED})`

/** Returns whether the element that receives the keys of a page is a field for a password or code. */
export async function isPasswordFocused(page: Page): Promise<boolean> {
  let frame: Frame | null = page.mainFrame()
  while (frame !== null) {
    if ((await frame.evaluate(IS_PASSWORD)) === true) return true
    frame = await focusedFrame(frame)
  }
  return false
}

/** Returns the frame in a frame that receives keys; null if an element of the frame itself does. */
async function focusedFrame(frame: Frame): Promise<Frame | null> {
  const focused = await frame.evaluateHandle(FOCUSED)
  try {
    return (await focused.asElement()?.contentFrame()) ?? null
  } finally {
    await focused.dispose()
  }
}
