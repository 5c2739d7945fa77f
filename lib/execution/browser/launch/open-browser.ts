import type { Browser, BrowserContext, ConnectionTransport, Page } from 'puppeteer'
import type { Clock } from '../../../core/time/clock.ts'
import { withTimeout } from '../../../core/time/timeout.ts'
import { AutomateError, errorCode, messageOf } from '../../../core/errors/errors.ts'
import { NO_SECRETS } from '../../../model/worker/worker-secrets.ts'
import type { WorkerSecrets } from '../../../model/worker/worker-secrets.ts'
import type { Authentication } from '../../auth/authenticate.ts'
import { removeWithRetries } from '../../../files/remove-files.ts'
import { withoutProxy } from '../../proxy/suspicion.ts'
import { trackNavigation } from '../cdp/last-navigation.ts'
import { DENY_DOWNLOADS, denyDownloadsInContexts } from '../pages/deny-downloads.ts'
import { launchFailure } from './chrome-process.ts'
import type { ChromeProcess, SpawnOptions } from './chrome-process.ts'
import { watchLiveness, livenessProbe } from '../cdp/liveness.ts'
import { PageWatch } from '../pages/page-watch.ts'
import { loadConnect } from './load-puppeteer.ts'
import { pipeTransport } from '../cdp/pipe-transport.ts'
import { startChrome } from './start-chrome.ts'
import type { StartingChrome } from './starting-chrome.ts'
import { tapTransport } from '../cdp/cdp-tap.ts'
import type { CdpTap } from '../cdp/cdp-tap.ts'

/**
 * Time limit of Chrome's start. A start takes 0.2 s, or many times that on a cold, loaded machine.
 */
const START_LIMIT_MS = 60_000

/**
 * Time limit for Chrome to close, after which Chrome is killed. The limit is three times the 1 to 2
 * s that a flush of the profile takes.
 */
const CLOSE_LIMIT_MS = 6_000

/**
 * Longest wait for a reply before Chrome is killed without a polite close. Chrome replies in a
 * millisecond. A stopped or stuck Chrome has nothing to save, because its profile is deleted.
 */
const HEARS_LIMIT_MS = 2_000

/** Size of a desktop window that every site supports. */
const VIEWPORT = { width: 1280, height: 800 } as const

export interface BrowserOptions extends SpawnOptions {
  /** Credentials of the proxy and of sites; none if omitted. */
  readonly access?: WorkerSecrets
}

/** A running Chrome with the page of the phases. */
export interface OpenBrowser {
  readonly page: Page
  readonly context: BrowserContext
  readonly version: string
  readonly pid: number | null
  /** Address of DevTools; null without a port. */
  readonly devtools: string | null
  /** Commands to the browser. */
  readonly sent: CdpTap
  /** Responses and dialogs of the browser's pages. */
  readonly watch: PageWatch
}

/** A worker's Chrome from its spawn to its end. */
export interface WorkerBrowser {
  /** Rejects with code `browser-launch` if Chrome does not start. */
  readonly opened: Promise<OpenBrowser>
  /**
   * Returns the page if it is open and the browser lives, which a screenshot requires; otherwise
   * undefined.
   */
  livePage(): Page | undefined
  /** The `user-data-dir`. */
  readonly profile: string
  readonly crashDumps: string
  /**
   * Aborts when work is impossible: with the error `browser-crash` if Chrome or its page has died
   * unexpectedly, with `proxy` or `hard-fail` if a proxy or a site refused the credentials, or with
   * the error of `fail`.
   */
  readonly lost: AbortSignal
  /**
   * Returns a failure with its real source: a failure of the proxy as such, a failure that only
   * seems to be the proxy's as a failure of its site, and any other failure unchanged. `asked` is
   * the newest address of the failed page, by default of the first page. Never rejects.
   */
  blame(thrown: unknown, asked?: string): Promise<unknown>
  /**
   * Closes Chrome politely, kills it if it does not end, and deletes its profile. Never rejects;
   * resolves with the reason if the profile could not be deleted.
   */
  close(): Promise<string | undefined>
  /**
   * Ends Chrome at once, and `lost` aborts with this error. Does nothing if work is already
   * impossible.
   */
  fail(error: AutomateError): void
  /**
   * Kills Chrome and its process tree at once. Synchronous, for a dying worker; the profile stays
   * for the sweep.
   */
  kill(): void
}

interface Connected {
  readonly browser: Browser
  /** Sends a request to which only the living browser replies. */
  readonly ask: () => Promise<unknown>
}

/**
 * Starts Chrome, or uses a Chrome that was started with the same options, and connects to it.
 * puppeteer's import takes as long as Chrome's start, so they run in parallel.
 */
export function openBrowser(
  options: BrowserOptions,
  clock: Clock,
  starting: StartingChrome = startChrome(options),
): WorkerBrowser {
  const lost = new AbortController()
  /** Aborts when the watch over Chrome ends. */
  const over = new AbortController()
  let asked = false
  let dead = false
  let connected: Connected | undefined
  let openPage: Page | undefined
  let lastAsked = () => ''

  const lose = (what: string, facts: Record<string, string | number | null> = {}) => {
    over.abort()
    dead = true
    if (!asked) lost.abort(new AutomateError('browser-crash', what, { facts }))
  }
  const watch = ({ exited }: ChromeProcess) =>
    exited.then(({ code, signal }) =>
      lose(`The browser ended unexpectedly (${signal ?? `exit code ${code ?? 'unknown'}`}).`, {
        exitCode: code,
        signal,
      }),
    )

  const refused = (error: AutomateError) => {
    if (!asked) lost.abort(error)
  }

  const open = async (): Promise<OpenBrowser> => {
    const { chrome, devtools } = await starting.started
    void watch(chrome)
    const auth = await loadAuthentication(options, clock, refused)
    const pipe = pipeTransport(chrome)
    const transport = auth?.transport(pipe) ?? pipe
    const sent = tapTransport(transport)
    const browser = await connect(chrome, transport, options.launch.executable, clock)
    denyDownloadsInContexts(browser)
    const ask = livenessProbe(browser)
    connected = { browser, ask }
    browser.once('disconnected', () => lose('The connection to the browser was lost.'))
    await auth?.begin(browser, sent)
    const [first] = await browser.pages()
    const page = first ?? (await browser.newPage())
    openPage = page
    if (options.launch.proxyServer !== null) lastAsked = trackNavigation(page)
    page.on('error', error => lose(`The page crashed: ${error.message}`))
    const [version, pages] = await Promise.all([browser.version(), PageWatch.start(page, clock)])
    const silent = (ms: number) => lose(`The browser has not responded for ${ms} ms.`)
    void watchLiveness(ask, silent, { over: over.signal, clock })
    return { page, context: page.browserContext(), version, pid: chrome.pid, devtools, sent, watch: pages }
  }
  const opened = open().catch((error: unknown) => {
    starting.kill()
    throw error
  })
  // The caller that awaits the promise receives the error; before that it must not count as
  // unhandled.
  opened.catch(() => undefined)

  return {
    opened,
    livePage: () => (dead || asked ? undefined : openPage),
    profile: options.folders.profile,
    crashDumps: options.folders.crashDumps,
    lost: lost.signal,
    blame: async (thrown, asked = lastAsked()) => {
      const { launch, access = NO_SECRETS } = options
      if (launch.proxyServer === null) return withoutProxy(thrown)
      const { attributeProxyError } = await import('../../proxy/attribute-proxy-error.ts')
      return attributeProxyError(thrown, { server: launch.proxyServer, login: access.proxy }, asked)
    },
    fail: error => {
      if (asked || dead) return
      over.abort()
      dead = true
      lost.abort(error)
      starting.kill()
    },
    kill: () => {
      asked = true
      over.abort()
      starting.kill()
    },
    close: async () => {
      asked = true
      over.abort()
      await closePolitely(starting, connected, clock)
      return deleteProfile(options.folders.profile, clock)
    },
  }
}

/**
 * Loads the authentication only if needed, because most workers have neither a proxy nor
 * credentials.
 */
async function loadAuthentication(
  { launch: { proxyServer }, access = NO_SECRETS }: BrowserOptions,
  clock: Clock,
  onRefused: (error: AutomateError) => void,
): Promise<Authentication | undefined> {
  if (proxyServer === null && access.sites.length === 0) return undefined
  const { authentication } = await import('../../auth/authenticate.ts')
  return authentication({ proxyServer, access, clock, onRefused })
}

async function connect(
  chrome: ChromeProcess,
  transport: ConnectionTransport,
  executable: string,
  clock: Clock,
): Promise<Browser> {
  const died = chrome.exited.then(async ({ code, signal }) => {
    const why = `it ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`
    throw await launchFailure(executable, chrome, { why, clock })
  })
  died.catch(() => undefined)
  const connecting = loadConnect().then(connectTo =>
    connectTo({ transport, defaultViewport: VIEWPORT, downloadBehavior: DENY_DOWNLOADS }),
  )
  connecting.catch(() => undefined)
  try {
    return await withTimeout(
      Promise.race([died, connecting]),
      START_LIMIT_MS,
      'The start of the browser',
      clock,
    )
  } catch (error) {
    // A dead Chrome causes a closed pipe first, and slightly later an exit, which has more
    // information.
    if (chrome.pid === null) await died
    // The error of the exit has the reason already.
    if (errorCode(error) === 'browser-launch') throw error
    throw await launchFailure(executable, chrome, { why: messageOf(error), cause: error, clock })
  }
}

async function closePolitely(
  starting: StartingChrome,
  connected: Connected | undefined,
  clock: Clock,
): Promise<void> {
  // Without a connection a polite close is impossible.
  if (connected === undefined) starting.kill()
  const started = await starting.started.catch(() => undefined)
  if (started === undefined) return
  const { chrome } = started
  try {
    if (connected !== undefined) {
      await withTimeout(connected.ask(), HEARS_LIMIT_MS, 'The response of the browser', clock)
      const closing = connected.browser.close().then(() => chrome.exited)
      await withTimeout(closing, CLOSE_LIMIT_MS, 'The end of the browser', clock)
    }
  } catch {
    // Chrome did not close by itself, so it is killed below.
  }
  chrome.kill()
  try {
    await withTimeout(chrome.exited, CLOSE_LIMIT_MS, 'The end of the killed browser', clock)
  } catch {
    // The system cannot end the process, for example because of a stuck device. Control's sweep
    // knows its pid.
  }
  // Waits for the last output, because the redaction of the log must read the whole log.
  await chrome.lastOutput(clock)
}

async function deleteProfile(profile: string, clock: Clock): Promise<string | undefined> {
  const kept = await removeWithRetries(profile, clock)
  return kept === undefined
    ? undefined
    : `The profile ${profile} could not be deleted: ${messageOf(kept)}. The janitor retries later.`
}
