import type { Page } from 'puppeteer'
import { FOCUSED, focusedPath } from './focused-frame.ts'

const IS_PASSWORD = `(focused =>
  focused?.getAttribute('type')?.toLowerCase() === 'password' ||
  /(?:^|\\s)(?:current-password|new-password|one-time-code)(?:\\s|$)/i.test(focused?.getAttribute('autocomplete') ?? '')
)(${FOCUSED})`

/** Returns whether the element that receives the keys of a page is a field for a password or code. */
export async function isPasswordFocused(page: Page): Promise<boolean> {
  for (const { frame } of await focusedPath(page)) {
    if ((await frame.evaluate(IS_PASSWORD)) === true) return true
  }
  return false
}
