import type { Page } from 'puppeteer'
import { focusOf } from './focused-frame.ts'

/** Kinds of `autocomplete` whose fields hold a password or a code. */
const SECRET_KIND = /(?:^|\s)(?:current-password|new-password|one-time-code)(?:\s|$)/i

/** Returns whether the element that receives the keys of a page is a field for a password or code. */
export async function isPasswordFocused(page: Page): Promise<boolean> {
  const { attributes } = await focusOf(page)
  return (
    attributes.get('type')?.toLowerCase() === 'password' ||
    SECRET_KIND.test(attributes.get('autocomplete') ?? '')
  )
}
