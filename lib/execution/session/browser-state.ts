import type { BrowserContext, Frame, Page } from 'puppeteer'
import { z } from 'zod'
import { JsonValue } from '../../domain/json.ts'
import { innerCall } from '../browser/inner-call.ts'
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

/** What a browser remembers of a login. */
export const BrowserState = z.object({
  version: z.literal(1),
  cookies: z.array(Cookie),
  origins: z.array(z.object({ origin: z.string(), storage: Storage })),
})
export type BrowserState = z.infer<typeof BrowserState>

/** A login crosses a few origins; a page full of advertisements has dozens, and none of them is meant. */
const MOST_ORIGINS = 20

/** Receives what is left out of a state, an origin or the domain of a cookie, and why. A page of any site can make its storage one that cannot be read, or written again. */
type OnSkipped = (what: string, why: unknown) => void

/** Reads the cookies of all sites, and the storage of the origins named and of those that the pages show now. After the signal's abort it opens no page any more. */
export async function readBrowserState(
  context: BrowserContext,
  known: Iterable<string>,
  signal: AbortSignal,
  onSkipped: OnSkipped,
): Promise<BrowserState> {
  const frames = await framesByOrigin(context)
  // Those of the login come first: a page can open pop-ups of many others.
  const names = [...new Set([...known, ...frames.keys()])].slice(0, MOST_ORIGINS)
  const origins: BrowserState['origins'] = []
  for (const origin of names) {
    signal.throwIfAborted()
    try {
      const text = z.string().parse(await inOrigin(context, origin, frames.get(origin), READ_STORAGE))
      const storage = Storage.parse(JSON.parse(text))
      if (storage.localStorage.length > 0 || storage.databases.length > 0) origins.push({ origin, storage })
    } catch (error) {
      signal.throwIfAborted()
      onSkipped(origin, error)
    }
  }
  return { version: 1, cookies: z.array(Cookie).parse(await context.cookies()), origins }
}

/** Brings a browser into a state that was read. After the signal's abort it opens no page any more. */
export async function restoreBrowserState(
  context: BrowserContext,
  state: BrowserState,
  signal: AbortSignal,
  onSkipped: OnSkipped,
): Promise<void> {
  await setCookies(context, state.cookies, onSkipped)
  for (const { origin, storage } of state.origins) {
    signal.throwIfAborted()
    try {
      await inOrigin(context, origin, undefined, writeStorage(JSON.stringify(storage)))
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

async function framesByOrigin(context: BrowserContext): Promise<Map<string, Frame>> {
  const frames = new Map<string, Frame>()
  for (const page of await context.pages()) {
    for (const frame of page.frames()) {
      const origin = originOf(frame.url())
      // A frame within another site's page has storage of its own there; only a page by itself has the origin's.
      if (origin !== undefined && frame.parentFrame() === null) frames.set(origin, frame)
    }
  }
  return frames
}

/** Runs an expression in a page of an origin: one that is open, or an empty one that asks the site for nothing. */
async function inOrigin(
  context: BrowserContext,
  origin: string,
  frame: Frame | undefined,
  expression: string,
): Promise<unknown> {
  if (frame !== undefined) return innerCall(() => frame.evaluate(expression))
  const page = await context.newPage()
  try {
    await page.setBypassServiceWorker(true)
    await page.setRequestInterception(true)
    page.on('request', request => {
      void request
        .respond({ status: 200, contentType: 'text/html', body: '<!doctype html>' })
        .catch(() => undefined)
    })
    await page.goto(origin)
    return await page.evaluate(expression)
  } finally {
    await page.close()
  }
}
