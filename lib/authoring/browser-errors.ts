import { causesOf, isAutomateError, messageOf } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import type { Recovery } from '../core/recovery.ts'
import { isThrownByPage } from '../domain/stack-frame.ts'

/** What an error of the browser or its library means. */
interface Kind {
  readonly code: ErrorCode
  readonly pattern: RegExp
  readonly recovery?: Recovery
}

const ELEMENT: Kind = {
  code: 'element',
  pattern:
    /waiting for selector|waiting for locator|waiting failed|waittask failed|waitforfunction failed|no element found|failed to find element|not clickable or not an element|not visible or not an htmlelement|node has 0 (width|height)|node is detached|node with given id|no node found for given|could not find node|does not have a layout object|could not compute (content quads|box model)|jshandle is disposed|is not a <select> element|element is read-only|element cannot be filled|cannot focus non-htmlelement|is not a\(n\) `|unable to adopt element|option with value [^\n]{0,200} not found/i,
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
  ELEMENT,
]

/**
 * Kinds of errors that the library makes in the page, where it checks elements, and beside it, where it passes
 * handles. A page that imitates them costs its own job a retry.
 */
const IN_PAGE: readonly Kind[] = [
  ELEMENT,
  { code: 'navigate', pattern: /execution context was destroyed|same javascript world/i },
]

/** `page.waitForResponse`, `locator.click` and their like time out with the same words; only a locator says who it was, in the cause. */
const TIMED_OUT = /timed out after waiting/i
const LOCATOR = /^locator\./i

/** The words that tell a kind begin a message. A page can make a message of any length. */
const TEXT_LIMIT = 2_000

/** A wait that ends says only that it was a wait; why it ended stands in its cause, which may say as little again. */
const WRAPS = /waiting for selector|waiting failed|waittask failed/i

/**
 * Returns the meaning of what the browser's library threw; undefined for anything else. The page chooses the
 * text of an error that is thrown in it: such an error has only the kinds of `IN_PAGE`.
 */
export function browserErrorKind(
  thrown: unknown,
): { readonly code: ErrorCode; readonly recovery?: Recovery } | undefined {
  // The library throws errors. Another value is what the page or the author threw.
  if (isAutomateError(thrown) || !(thrown instanceof Error)) return undefined
  const errors = causesThatTell(thrown)
  const text = errors.map(beginningOf).join(' (')
  const kinds = errors.some(({ stack }) => isThrownByPage(stack ?? '')) ? IN_PAGE : KINDS
  if (kinds === KINDS && TIMED_OUT.test(text))
    return { code: LOCATOR.test(messageOf(thrown.cause)) ? 'element' : 'navigate' }
  return kinds.find(({ pattern }) => pattern.test(text))
}

function causesThatTell(thrown: Error): Error[] {
  const errors = causesOf(thrown).filter(cause => cause instanceof Error)
  const last = errors.findIndex(error => !WRAPS.test(beginningOf(error)))
  return last === -1 ? errors : errors.slice(0, last + 1)
}

const beginningOf = (error: Error): string => `${error.name}: ${messageOf(error)}`.slice(0, TEXT_LIMIT)
