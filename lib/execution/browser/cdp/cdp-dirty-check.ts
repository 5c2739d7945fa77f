import { z } from 'zod'
import type { CdpTap } from './cdp-tap.ts'

/** Beginning of each CDP message from puppeteer. */
const START = '{"method":"'

/**
 * CDP commands without a lasting effect: a new document and a wipe of the page remove all that they
 * do. This is an allowlist, so that an unknown command, such as one of a later puppeteer, costs a
 * new page but never leaves a dirty page.
 */
const HARMLESS = new Set([
  'Accessibility.getFullAXTree',
  'Accessibility.queryAXTree',
  'Browser.getVersion',
  'DOM.describeNode',
  'DOM.getBoxModel',
  'DOM.getContentQuads',
  'DOM.resolveNode',
  'DOM.scrollIntoViewIfNeeded',
  'DOM.setFileInputFiles',
  'Input.insertText',
  'IO.close',
  'IO.read',
  'Network.deleteCookies',
  'Network.getCookies',
  'Network.getResponseBody',
  'Network.setCookies',
  'Page.bringToFront',
  'Page.captureScreenshot',
  'Page.createIsolatedWorld',
  'Page.getFrameTree',
  'Page.getLayoutMetrics',
  'Page.getNavigationHistory',
  'Page.handleJavaScriptDialog',
  'Page.navigateToHistoryEntry',
  'Page.printToPDF',
  'Page.reload',
  'Page.screencastFrameAck',
  'Page.stopLoading',
  'Performance.getMetrics',
  'Runtime.awaitPromise',
  'Runtime.callFunctionOn',
  'Runtime.evaluate',
  'Runtime.getProperties',
  'Runtime.releaseObject',
  'Runtime.releaseObjectGroup',
  'Storage.deleteCookies',
  'Storage.getCookies',
  'Storage.setCookies',
])

const Message = z.object({
  params: z
    .looseObject({
      url: z.string().optional(),
      type: z.string().optional(),
      executionContextName: z.string().optional(),
    })
    .default({}),
})

type Params = z.output<typeof Message>['params']

/** Commands that are harmless only under some conditions. */
const DEPENDS = new Set([
  'Input.dispatchKeyEvent',
  'Input.dispatchMouseEvent',
  'Page.navigate',
  'Page.startScreencast',
  'Page.stopScreencast',
  'Runtime.addBinding',
])

/** Tracks a job's commands to its browser, to decide if its page can be wiped for the next job. */
export class CdpDirtyCheck {
  private readonly forget: () => void
  private readonly held = { keys: 0, buttons: 0, films: 0 }
  private trace: string | undefined
  /** True if the page's mouse was moved. */
  pointed = false

  constructor(sent: CdpTap) {
    this.forget = sent.listen(message => this.onMessage(message))
  }

  /** Returns an effect that a wipe would not remove; undefined if there is none. */
  get persistent(): string | undefined {
    if (this.trace !== undefined) return this.trace
    const { keys, buttons, films } = this.held
    if (keys !== 0) return 'a key is held down'
    if (buttons !== 0) return 'a mouse button is held down'
    return films === 0 ? undefined : 'the page is being filmed'
  }

  end(): void {
    this.forget()
  }

  private onMessage(message: string): void {
    if (this.trace !== undefined) return
    const method = message.startsWith(START)
      ? message.slice(START.length, message.indexOf('"', START.length))
      : 'a message of an unknown form'
    if (HARMLESS.has(method)) return
    const parsed = DEPENDS.has(method) ? Message.safeParse(JSON.parse(message)) : undefined
    if (parsed?.success !== true || !this.isHarmless(method, parsed.data.params)) this.trace = method
  }

  private isHarmless(method: string, { url = '', type = '', executionContextName }: Params): boolean {
    const { held } = this
    if (method === 'Page.navigate') return !carriesCredentials(url)
    // With a context name, this is puppeteer's own binding, in its own isolated world. A function
    // that the author exposes has none, and every script can reach it.
    if (method === 'Runtime.addBinding') return executionContextName !== undefined
    if (method === 'Page.startScreencast') held.films = 1
    else if (method === 'Page.stopScreencast') held.films = 0
    else if (method === 'Input.dispatchKeyEvent') held.keys += BALANCE[type] ?? 0
    else {
      this.pointed = true
      held.buttons += BALANCE[type] ?? 0
    }
    return true
  }
}

const BALANCE: Readonly<Record<string, number>> = {
  keyDown: 1,
  rawKeyDown: 1,
  keyUp: -1,
  mousePressed: 1,
  mouseReleased: -1,
}

/**
 * True if the address contains credentials. Chrome stores them for the browser context, where no
 * wipe removes them.
 */
export function carriesCredentials(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {}
  return username !== '' || password !== ''
}
