import type { BrowserContext, Page } from 'puppeteer'
import { z } from 'zod'
import type { Clock } from '../../core/time/clock.ts'
import { JsonValue } from '../../model/json.ts'
import { inEmptyPage, inOpenPage } from './in-origin.ts'
import { READ_STORAGE, writeStorage } from './storage-script.ts'

/** Cookies as the browser gives them; it checks itself what it is given back. */
const Cookie = z.looseObject({
  name: z.string(),
  value: z.string(),
  domain: z.string(),
  path: z.exactOptional(z.string()),
  expires: z.exactOptional(z.number()),
  httpOnly: z.exactOptional(z.boolean()),
  secure: z.exactOptional(z.boolean()),
  sameSite: z.exactOptional(z.enum(['Strict', 'Lax', 'None', 'Default'])),
})

const Storage = z.object({
  localStorage: z.array(z.tuple([z.string(), z.string()])),
  databases: z.array(JsonValue),
})

/** The storage that a page has read. A page that went to another site in the meantime reads what that site has stored. */
const ReadStorage = Storage.extend({
  origin: z.string(),
  left: z.object({ records: z.int(), kinds: z.array(z.string()) }),
})

/** What a browser remembers of a login. */
export const BrowserState = z.object({
  version: z.literal(1),
  cookies: z.array(Cookie),
  origins: z.array(z.object({ origin: z.string(), storage: Storage })),
})
export type BrowserState = z.infer<typeof BrowserState>

/** A login crosses a few origins. */
const MOST_ORIGINS = 20

/** The storage of an origin is read within some tenths of a second. */
const READ_LIMIT_MS = 3_000

/** All of them are read within two seconds, on a busy machine within some times that. */
const READ_ALL_LIMIT_MS = 8_000

/** As much as a login may have is written within some seconds. */
const WRITE_LIMIT_MS = 30_000

/** Receives what is left out of a state, an origin or the domain of a cookie, and why. A page of any site can make its storage one that cannot be read, or written again. */
type OnSkipped = (what: string, why: unknown) => void

/** Records of IndexedDB that cannot be saved, and the kinds of their values, such as `CryptoKey`. */
export interface UnsavedRecords {
  readonly records: number
  readonly kinds: readonly string[]
}

/** Origins and pages of a login, whose storage is read. */
export interface LoginParts {
  readonly origins: Iterable<string>
  /** Those that may be open at them; an origin without one is read in an empty page. */
  readonly pages: Iterable<Page>
}

interface ReadOptions {
  /** After its abort no page is opened any more. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly onSkipped: OnSkipped
  readonly onUnsaved: (origin: string, unsaved: UnsavedRecords) => void
  /** Receives the origins that open pages show beside those that are read, and those beyond the limit. */
  readonly onLeft: (origins: readonly string[]) => void
}

/**
 * Reads the cookies of all sites, and the storage of `origins`. Neither the storage nor the page of any other
 * origin is touched: a page can open pop-ups of others, which may be large, or never respond.
 */
export async function readBrowserState(
  context: BrowserContext,
  { origins, pages }: LoginParts,
  { signal, clock, onSkipped, onUnsaved, onLeft }: ReadOptions,
): Promise<BrowserState> {
  const known = [...origins]
  const names = known.slice(0, MOST_ORIGINS)
  const left = [...new Set([...known, ...originsShown(context)])].filter(origin => !names.includes(origin))
  if (left.length > 0) onLeft(left)
  const state: BrowserState['origins'] = []
  const until = clock.monotonic() + READ_ALL_LIMIT_MS
  for (const origin of names) {
    signal.throwIfAborted()
    try {
      const limitMs = Math.min(READ_LIMIT_MS, until - clock.monotonic())
      if (limitMs <= 0) throw new Error(`The others took the ${READ_ALL_LIMIT_MS} ms that there are.`)
      const page = [...pages].find(one => !one.isClosed() && originOf(one.url()) === origin)
      const reading =
        page === undefined
          ? inEmptyPage(context, origin, READ_STORAGE, limitMs, clock)
          : inOpenPage(page, READ_STORAGE, limitMs, clock)
      const {
        origin: shown,
        left: unsaved,
        ...storage
      } = ReadStorage.parse(JSON.parse(z.string().parse(await reading)))
      if (shown !== origin) throw new Error(`The page went to ${shown} while its storage was read.`)
      if (unsaved.records > 0) onUnsaved(origin, unsaved)
      if (storage.localStorage.length > 0 || storage.databases.length > 0) state.push({ origin, storage })
    } catch (error) {
      signal.throwIfAborted()
      onSkipped(origin, error)
    }
  }
  return { version: 1, cookies: z.array(Cookie).parse(await context.cookies()), origins: state }
}

/** Returns the origins of all pages, by what the browser knows: to ask a page may take for ever. */
function originsShown(context: BrowserContext): string[] {
  return context.targets().flatMap(target => {
    const type: string = target.type()
    const origin = type === 'page' ? originOf(target.url()) : undefined
    return origin === undefined ? [] : [origin]
  })
}

/** Brings a browser into a state that was read. After the signal's abort it opens no page any more. */
export async function restoreBrowserState(
  context: BrowserContext,
  state: BrowserState,
  { signal, clock, onSkipped }: Omit<ReadOptions, 'onLeft' | 'onUnsaved'>,
): Promise<void> {
  await setCookies(context, state.cookies, onSkipped)
  for (const { origin, storage } of state.origins) {
    signal.throwIfAborted()
    try {
      await inEmptyPage(context, origin, writeStorage(JSON.stringify(storage)), WRITE_LIMIT_MS, clock)
    } catch (error) {
      signal.throwIfAborted()
      onSkipped(origin, error)
    }
  }
}

/** Sets all cookies, or each by itself if the browser refuses one of them. */
async function setCookies(
  context: BrowserContext,
  cookies: BrowserState['cookies'],
  onSkipped: OnSkipped,
): Promise<void> {
  if (cookies.length === 0) return
  try {
    await context.setCookie(...cookies)
  } catch {
    for (const cookie of cookies)
      await context.setCookie(cookie).catch((error: unknown) => onSkipped(cookie.domain, error))
  }
}

/** Takes a state out of the browser again. */
export async function clearBrowserState(
  context: BrowserContext,
  page: Page,
  state: BrowserState,
): Promise<void> {
  const cookies = await context.cookies()
  if (cookies.length > 0) await context.deleteCookie(...cookies)
  const cdp = await page.createCDPSession()
  for (const { origin } of state.origins) {
    await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  }
  await cdp.detach()
}

/** The origin of an address whose storage can be kept. */
export function originOf(address: string): string | undefined {
  const url = URL.parse(address)
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined
}
