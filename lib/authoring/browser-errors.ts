import { causesOf, isAutomateError, messageOf } from '../core/errors/errors.ts'
import type { ErrorCode } from '../core/errors/error-codes.ts'
import type { Recovery } from '../core/errors/recovery.ts'
import { isMadeByLibrary, isThrownByPage } from '../model/failure/stack-frame.ts'

/**
 * Kind of an error of the browser or of its library: its text, its code, and its recovery if that
 * differs from the code's default.
 */
interface Kind {
  readonly code: ErrorCode
  readonly pattern: RegExp
  readonly recovery?: Recovery
}

/**
 * Matches the beginning of a message that only states that a wait failed. The reason is in the
 * error's cause, which may itself be such a message.
 */
const WRAPS = /^\S*: (?:waiting for selector|waiting failed(?!: frame detached)|waittask failed)/i

const ELEMENT: Kind = {
  code: 'element',
  pattern:
    /waiting for selector|waiting for locator|waiting failed|waittask failed|waitforfunction failed|no element found|failed to find element|not clickable or not an element|not visible or not an htmlelement|node has 0 (width|height)|node is detached|node with given id|no node found for given|could not find node|does not have a layout object|could not compute (content quads|box model)|jshandle is disposed|is not a <select> element|element is read-only|element cannot be filled|cannot focus non-htmlelement|is not a\(n\)|unable to adopt element|option with value [^\n]{0,200} not found/i,
}

/**
 * Kinds of errors, matched by text because puppeteer has one class for all waits and none for most
 * other errors. The texts are those of puppeteer-core 25 (`src/cdp`, `src/api`, `src/common`) and
 * of Chromium's net_error_list.h. The first match counts. Chrome's own error name begins the
 * message. The address after the name is not matched, because a site chooses its links.
 */
const KINDS: readonly Kind[] = [
  {
    // The message ends with a selector, which may contain text of the page.
    code: 'element',
    pattern: /^\S*: no element found for selector/i,
  },
  {
    code: 'browser-crash',
    pattern:
      /target closed|target crashed|page crashed|page closed[!.]|session closed|session already detached|session with given id not found|connection closed|targetcloseerror|connectionclosederror|browser has disconnected|^\S*: net::err_(insufficient_resources|out_of_memory)|increase the 'protocoltimeout'/i,
  },
  {
    code: 'proxy',
    pattern:
      /^\S*: net::err_(proxy_|tunnel_connection_failed|socks_|mandatory_proxy|unexpected_proxy_auth|https_proxy_tunnel_response|no_supported_proxies|pac_|unable_to_reuse_connection_for_proxy_auth)/i,
  },
  {
    // Another attempt gets the same certificate.
    code: 'navigate',
    pattern: /^\S*: net::err_cert_/i,
    recovery: { retry: 'never', browser: 'close' },
  },
  {
    code: 'navigate',
    pattern:
      /^\S*: net::err_|navigation timeout|frame was detached|frame got detached|frame detached|detached frame|cannot navigate to invalid url|history entry to navigate to not found|execution context was destroyed|cannot find context with specified id|inspected target navigated or closed|same javascript world/i,
  },
  ELEMENT,
]

/**
 * Kinds of errors that the library makes inside the page, where it checks elements, and outside,
 * where it passes handles. A page can imitate these errors, but then only its own job is retried.
 */
const IN_PAGE: readonly Kind[] = [
  ELEMENT,
  { code: 'navigate', pattern: /execution context was destroyed|same javascript world/i },
]

/**
 * Timeout text that `page.waitForResponse`, `locator.click` and similar methods share. Only a
 * locator names itself, in the cause of the error.
 */
const TIMED_OUT = /timed out after waiting/i
const LOCATOR = /^locator\./i

/**
 * Maximum number of characters of a message that are matched. The words that identify a kind are at
 * the beginning, and a page can make a message of any length.
 */
const TEXT_LIMIT = 2_000

/**
 * Matches the quotation in a message of the library: a selector, a key, a value or an address,
 * which an author may have read from a page.
 */
const QUOTATION = /(?:["`]| at \w+:).*$/s

/**
 * Returns the code and recovery of an error of the browser's library, or undefined for any other
 * value. Only errors that the library made count, because an author's own text may quote a page. An
 * error that was thrown in the page can only be of the kinds in `IN_PAGE`, because the page chooses
 * its text.
 */
export function browserErrorKind(
  thrown: unknown,
): { readonly code: ErrorCode; readonly recovery?: Recovery } | undefined {
  if (isAutomateError(thrown) || !(thrown instanceof Error)) return undefined
  const words = wordsOf(thrown)
  if (isThrownByPage(String(thrown.stack), messageOf(thrown)))
    return IN_PAGE.find(({ pattern }) => pattern.test(words))
  if (!isOfLibrary(thrown)) return undefined
  if (WRAPS.test(words)) return kindOfReason(thrown) ?? ELEMENT
  if (TIMED_OUT.test(words)) return { code: LOCATOR.test(messageOf(thrown.cause)) ? 'element' : 'navigate' }
  return KINDS.find(({ pattern }) => pattern.test(words))
}

/** Returns the kind of the first cause that is not itself a failed wait. */
function kindOfReason(wait: Error): ReturnType<typeof browserErrorKind> {
  const [, ...causes] = causesOf(wait)
  return browserErrorKind(causes.find(cause => cause instanceof Error && !WRAPS.test(wordsOf(cause))))
}

/**
 * True if the library itself made the error. The library changes the name of a plain error only if
 * it repeats an uncaught error of a page. Such an error does not count, because its stack comes
 * from the page, which may imitate any other error.
 */
function isOfLibrary(error: Error): boolean {
  const isRepeated = error.constructor === Error && Object.hasOwn(error, 'name')
  return !isRepeated && isMadeByLibrary(String(error.stack), messageOf(error))
}

const wordsOf = (error: Error): string =>
  `${error.name}: ${messageOf(error)}`.slice(0, TEXT_LIMIT).replace(QUOTATION, '')
