import { z } from 'zod'
import type { TraceActions } from './trace-actions.ts'

/** Longest pause between two key presses that count as one piece of typing. */
const TYPING_PAUSE_MS = 1_000

/**
 * Beginnings of the CDP messages from puppeteer that the trace shows as calls. Other messages are
 * skipped without being parsed.
 */
const NAVIGATION = '{"method":"Page.navigate'
const RELOAD = '{"method":"Page.reload'
const INPUT = '{"method":"Input.'

const Message = z.object({
  method: z.string(),
  params: z.looseObject({
    url: z.string().optional(),
    type: z.string().optional(),
    x: z.number().optional(),
    y: z.number().optional(),
    button: z.string().optional(),
  }),
  sessionId: z.string().optional(),
})

/**
 * Records the author's calls to the page, derived from puppeteer's CDP messages, so that the page's
 * object need not be wrapped for the trace. The pressed keys are not recorded, because they may be
 * those of a password.
 */
export class CdpActions {
  private readonly actions: TraceActions
  private readonly now: () => number
  private navigation: string | undefined
  private typing: { readonly callId: string; lastAt: number; keys: number } | undefined

  constructor(actions: TraceActions, now: () => number) {
    this.actions = actions
    this.now = now
  }

  /**
   * Receives a CDP message that is sent to the browser. `pageOf` returns the id of a session's
   * page, or undefined for a session that is not recorded.
   */
  sent(message: string, pageOf: (session: string | undefined) => string | undefined): void {
    if (!message.startsWith(INPUT) && !message.startsWith(NAVIGATION) && !message.startsWith(RELOAD)) return
    const parsed = Message.safeParse(JSON.parse(message))
    if (!parsed.success) return
    const { method, params, sessionId } = parsed.data
    const pageId = pageOf(sessionId)
    if (pageId === undefined) return
    if (method === 'Page.navigate') this.navigates(pageId, 'goto', params.url ?? '')
    else if (method === 'Page.navigateToHistoryEntry') this.navigates(pageId, 'goBack', '')
    else if (method === 'Page.reload') this.navigates(pageId, 'reload', '')
    else if (method === 'Input.dispatchMouseEvent' && params.type === 'mousePressed') {
      this.clicks(pageId, { x: params.x ?? 0, y: params.y ?? 0 })
    } else if (method === 'Input.insertText') this.types(pageId)
    else if (method === 'Input.dispatchKeyEvent' && params.type !== 'keyUp') this.types(pageId)
  }

  /** Ends the navigation, because the page has loaded. */
  loaded(): void {
    this.endNavigation()
  }

  /** Ends all open calls, because their phase ends. */
  end(): void {
    this.endNavigation()
    this.endTyping()
  }

  private navigates(pageId: string, method: string, url: string): void {
    this.end()
    const title = url === '' ? method : `goto ${url}`
    this.navigation = this.actions.call({ pageId, title, method, params: url === '' ? {} : { url } })
  }

  private clicks(pageId: string, point: { x: number; y: number }): void {
    this.endTyping()
    const title = `click ${Math.round(point.x)}, ${Math.round(point.y)}`
    const callId = this.actions.call({ pageId, title, method: 'click', params: point })
    if (callId !== undefined) this.actions.endCall(callId, { point })
  }

  private types(pageId: string): void {
    const { typing } = this
    if (typing !== undefined && this.now() - typing.lastAt < TYPING_PAUSE_MS) {
      typing.keys += 1
      typing.lastAt = this.now()
      return
    }
    this.endTyping()
    const callId = this.actions.call({ pageId, title: 'type', method: 'type', params: {} })
    if (callId !== undefined) this.typing = { callId, lastAt: this.now(), keys: 1 }
  }

  private endNavigation(): void {
    if (this.navigation !== undefined) this.actions.endCall(this.navigation)
    this.navigation = undefined
  }

  private endTyping(): void {
    if (this.typing !== undefined) this.actions.endCall(this.typing.callId, { endTime: this.typing.lastAt })
    this.typing = undefined
  }
}
