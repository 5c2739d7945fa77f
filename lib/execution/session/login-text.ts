import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { sizeText } from '../../core/text/size.ts'
import { MAX_LOGIN_BYTES } from '../../model/worker/account.ts'
import type { BrowserState, UnsavedRecords } from './browser-state.ts'
import type { LoginHosts } from './login-origins.ts'
import { cookieBytes, cookiesByDomain, withoutThirdParties } from './third-party-cookies.ts'
import type { DomainCookies } from './third-party-cookies.ts'

/**
 * Maximum length of the name of a database, a key or a cookie in a message, in UTF-16 code units.
 * Pages choose these names.
 */
const NAME_LIMIT = 80

/** Maximum number of a domain's cookies that a message names. */
const MOST_COOKIES = 3

/** Maximum number of kinds of values that a message names. */
const MOST_KINDS = 5

/** Returns the warning that records of IndexedDB are not in the saved login. */
export function unsavedText(origin: string, { records, kinds }: UnsavedRecords): string {
  const named = kinds.slice(0, MOST_KINDS).map(kind => sanitiseLine(kind, NAME_LIMIT))
  const count = records === 1 ? '1 record' : `${records} records`
  return `the login is saved without ${count} of IndexedDB of ${origin}, because their values cannot be saved (${named.join(', ')}). A site that needs them requires a new login`
}

const Named = z.looseObject({ name: z.string() })

/** One database, or one entry of local storage, of an origin. */
interface StoragePart {
  readonly kind: 'IndexedDB' | 'localStorage'
  readonly origin: string
  readonly name: string
  readonly bytes: number
}

/** All cookies of a domain. */
interface CookiePart {
  readonly kind: 'cookies'
  readonly domain: string
  /** Names of the largest cookies. */
  readonly names: string[]
  readonly bytes: number
}

type Part = StoragePart | CookiePart

/**
 * Returns the text of a browser state that is saved as the login of an account. If the text is too
 * large, omits cookies of third parties and passes them to `onLeft`.
 * @throws `hard-fail` if the text is still too large; another attempt would be as large.
 */
export function loginText(
  state: BrowserState,
  account: string,
  hosts: LoginHosts,
  onLeft: (left: readonly DomainCookies[]) => void,
): string {
  const whole = JSON.stringify(state)
  const excess = Buffer.byteLength(whole) - MAX_LOGIN_BYTES
  if (excess <= 0) return whole
  const { kept, left } = withoutThirdParties(state.cookies, hosts, excess)
  const own = { ...state, cookies: kept }
  const text = JSON.stringify(own)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_LOGIN_BYTES) throw tooLarge(own, account, bytes)
  onLeft(left)
  return text
}

function tooLarge(state: BrowserState, account: string, bytes: number): AutomateError {
  const largest = partsOf(state).reduce<Part | undefined>(
    (most, part) => (most === undefined || part.bytes > most.bytes ? part : most),
    undefined,
  )
  const found =
    largest === undefined
      ? ''
      : ` ${largest.bytes * 2 > bytes ? 'Most' : 'The largest part'} of it is ${remedy(largest)}`
  return new AutomateError(
    'hard-fail',
    `The login of ${account} cannot be saved, because its sites store ${sizeText(bytes)} of cookies, local storage and IndexedDB in the browser, but at most ${sizeText(MAX_LOGIN_BYTES)} can be saved.${found}`,
    { facts: { account, bytes, limitBytes: MAX_LOGIN_BYTES, ...(largest && { largest: { ...largest } }) } },
  )
}

function remedy(part: Part): string {
  const size = sizeText(part.bytes)
  if (part.kind === 'cookies') {
    const { domain, names } = part
    const isOne = `${JSON.stringify([domain, `.${domain}`])}.includes(domain) && ${JSON.stringify(names)}.includes(name)`
    return `the cookies of ${domain} (${size}), the largest of them ${names.map(name => `"${name}"`).join(', ')}. Make "login" delete those that the site does not need to recognise the user: const context = page.browserContext(); const cookies = await context.cookies(); await context.deleteCookie(...cookies.filter(({ domain, name }) => ${isOne})).`
  }
  const { kind, origin, name } = part
  const remove = kind === 'IndexedDB' ? 'indexedDB.deleteDatabase' : 'localStorage.removeItem'
  return `${kind} "${name}" of ${origin} (${size}). If the site does not need it to recognise the user, make "login" remove it while its page shows that site: page.evaluate(name => { ${remove}(name) }, ${JSON.stringify(name)}).`
}

function partsOf({ cookies, origins }: BrowserState): Part[] {
  return [
    ...cookiesByDomain(cookies).map(cookiePart),
    ...origins.flatMap(({ origin, storage }) => [
      ...storage.localStorage.map(([key, value]) => storagePart(origin, 'localStorage', key, value)),
      ...storage.databases.map(one =>
        storagePart(origin, 'IndexedDB', Named.safeParse(one).data?.name ?? '', JSON.stringify(one)),
      ),
    ]),
  ]
}

function cookiePart({ domain, cookies, bytes }: DomainCookies): CookiePart {
  const largest = cookies.toSorted((one, other) => cookieBytes(other) - cookieBytes(one))
  const names = largest.slice(0, MOST_COOKIES).map(({ name }) => sanitiseLine(name, NAME_LIMIT))
  return { kind: 'cookies', domain, names, bytes }
}

function storagePart(origin: string, kind: StoragePart['kind'], name: string, text: string): StoragePart {
  return { kind, origin, name: sanitiseLine(name, NAME_LIMIT), bytes: Buffer.byteLength(text) }
}
