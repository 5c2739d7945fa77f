import { causesOf, isAutomateError, messageOf } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import type { Recovery } from '../core/recovery.ts'

/** What an error of the browser or its library means. */
interface Kind {
  readonly code: ErrorCode
  readonly pattern: RegExp
  readonly recovery?: Recovery
}

/**
 * Chrome and puppeteer tell by text alone: puppeteer has one class for all waits and none for most of the rest. The texts are those of puppeteer-core 25
 * (`src/cdp`, `src/api`, `src/common`) and of Chromium's net_error_list.h. The first kind that fits counts: a wait in a browser that dies says both.
 */
const KINDS: readonly Kind[] = [
  {
    code: 'browser-crash',
    pattern:
      /target closed|target crashed|page crashed|page closed[!.]|session closed|session already detached|session with given id not found|connection closed|targetcloseerror|connectionclosederror|browser has disconnected|net::err_(insufficient_resources|out_of_memory)|increase the 'protocoltimeout'/i,
  },
  {
    code: 'proxy',
    pattern:
      /net::err_(proxy_|tunnel_connection_failed|socks_|mandatory_proxy|unexpected_proxy_auth|https_proxy_tunnel_response|no_supported_proxies|pac_|unable_to_reuse_connection_for_proxy_auth)/i,
  },
  {
    // Another attempt meets the same certificate.
    code: 'navigate',
    pattern: /net::err_cert_/i,
    recovery: { retry: 'never', browser: 'close' },
  },
  {
    code: 'navigate',
    pattern:
      /net::err_|navigation timeout|frame was detached|frame got detached|frame detached|detached frame|cannot navigate to invalid url|history entry to navigate to not found|execution context was destroyed|cannot find context with specified id|inspected target navigated or closed|same javascript world/i,
  },
  {
    code: 'element',
    pattern:
      /waiting for selector|waiting for locator|waiting failed|waittask failed|waitforfunction failed|no element found|failed to find element|not clickable or not an element|not visible or not an htmlelement|node has 0 (width|height)|node is detached|node with given id|no node found for given|could not find node|does not have a layout object|could not compute (content quads|box model)|jshandle is disposed|is not a <select> element|element is read-only|element cannot be filled|cannot focus non-htmlelement|is not a\(n\) `|unable to adopt element|option with value .* not found/i,
  },
]

/** `page.waitForResponse`, `locator.click` and their like time out with the same words; only a locator says who it was, in the cause. */
const TIMED_OUT = /timed out after waiting/i
const LOCATOR = /^locator\./i

/** A wait that ends says only that it was a wait; why it ended stands in its cause, which may say as little again. */
const WRAPS = /waiting for selector|waiting failed|waittask failed/i

/** The meaning of what the browser's library threw; undefined for anything else. */
export function browserErrorKind(
  thrown: unknown,
): { readonly code: ErrorCode; readonly recovery?: Recovery } | undefined {
  if (isAutomateError(thrown)) return undefined
  const text = textOf(thrown)
  if (thrown instanceof Error && TIMED_OUT.test(text))
    return { code: LOCATOR.test(messageOf(thrown.cause)) ? 'element' : 'navigate' }
  return KINDS.find(({ pattern }) => pattern.test(text))
}

function textOf(thrown: unknown): string {
  const texts: string[] = []
  for (const cause of causesOf(thrown)) {
    texts.push(cause instanceof Error ? `${cause.name}: ${messageOf(cause)}` : messageOf(cause))
    if (!WRAPS.test(texts.at(-1) ?? '')) break
  }
  return texts.join(' (')
}
