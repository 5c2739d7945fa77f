import type { BrowserContext, Page } from 'puppeteer'
import { z } from 'zod'
import type { Clock } from '../../core/time/clock.ts'
import { JsonValue } from '../../model/json.ts'
import { inEmptyPage, inOpenPage } from './in-origin.ts'
import { READ_STORAGE, writeStorage } from './storage-script.ts'

/** Cookies as the browser returns them. The browser checks them itself when they are restored. */
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

/**
 * Storage that was read in a page, with the origin that it belongs to. If the page has navigated to
 * another site in the meantime, this is the storage of that site.
 */
const ReadStorage = Storage.extend({
  origin: z.string(),
  left: z.object({ records: z.int(), kinds: z.array(z.string()) }),
})

/** State of a login in a browser. */
export const BrowserState = z.object({
  version: z.literal(1),
  cookies: z.array(Cookie),
  origins: z.array(z.object({ origin: z.string(), storage: Storage })),
})
export type BrowserState = z.infer<typeof BrowserState>

/**
 * Maximum number of origins of a login whose storage is saved. A login passes through a few
 * origins.
 */
const MOST_ORIGINS = 20

/** Time limit to read the storage of one origin. A read takes a few tenths of a second. */
const READ_LIMIT_MS = 3_000

/**
 * Time limit to read the storage of all origins. This takes two seconds, or several times that on a
 * busy machine.
 */
const READ_ALL_LIMIT_MS = 8_000

/**
 * Time limit to restore the storage of one origin. A login of the largest size takes some seconds.
 */
const WRITE_LIMIT_MS = 30_000

/**
 * Receives a part that is omitted from a state (an origin, or the domain of a cookie) and the
 * reason. Any site can make its storage impossible to read or to restore.
 */
type OnSkipped = (what: string, why: unknown) => void

/**
 * Number of the IndexedDB records that cannot be saved, and the kinds of their values, such as
 * `CryptoKey`.
 */
export interface UnsavedRecords {
  readonly records: number
  readonly kinds: readonly string[]
}

/** Origins of a login, from which its storage is read, and the open pages of the login. */
export interface LoginParts {
  readonly origins: Iterable<string>
  /** Pages that may be open at these origins. An origin without a page is read in an empty page. */
  readonly pages: Iterable<Page>
}

interface ReadOptions {
  /** After the abort, no further page is opened. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly onSkipped: OnSkipped
  readonly onUnsaved: (origin: string, unsaved: UnsavedRecords) => void
  /** Receives the origins of open pages that are not read, and origins beyond the limit. */
  readonly onLeft: (origins: readonly string[]) => void
}

/**
 * Reads the cookies of all sites, and the storage of `origins`. Touches neither the storage nor the
 * pages of any other origin, because a page can open pop-ups of other sites, which may be large, or
 * never respond.
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
      if (limitMs <= 0) throw new Error(`The other origins used up the limit of ${READ_ALL_LIMIT_MS} ms.`)
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
      if (shown !== origin) throw new Error(`The page navigated to ${shown} while its storage was read.`)
      if (unsaved.records > 0) onUnsaved(origin, unsaved)
      if (storage.localStorage.length > 0 || storage.databases.length > 0) state.push({ origin, storage })
    } catch (error) {
      signal.throwIfAborted()
      onSkipped(origin, error)
    }
  }
  return { version: 1, cookies: z.array(Cookie).parse(await context.cookies()), origins: state }
}

/**
 * Returns the origins of all pages from the browser's own data, because a request to a page may
 * never finish.
 */
function originsShown(context: BrowserContext): string[] {
  return context.targets().flatMap(target => {
    const type: string = target.type()
    const origin = type === 'page' ? originOf(target.url()) : undefined
    return origin === undefined ? [] : [origin]
  })
}

/** Restores a saved state in a browser. After the signal's abort, no further page is opened. */
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

/** Removes a state from the browser. */
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

/**
 * Returns the origin of an http or https address; undefined for any other address, because its
 * storage cannot be saved.
 */
export function originOf(address: string): string | undefined {
  const url = URL.parse(address)
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined
}
