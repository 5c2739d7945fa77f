import type { CDPSession, Page } from 'puppeteer'
import type { Clock } from '../../../core/time/clock.ts'
import { sessionOf } from '../cdp/page-session.ts'
import { PageFacts } from './navigation-status.ts'
import type { OpenDialog, RateLimited } from './navigation-status.ts'

/**
 * Address of the page that is the print dialog of a Chrome with windows. A Chrome without windows
 * does not print.
 */
const PRINT_DIALOG = 'chrome://print/'

/**
 * Watches every page of a browser, including pop-ups, from its first request on. Uses the events of
 * CDP itself, in their original order. puppeteer emits `request` after `response` if Chrome sends
 * both at once, and listens to a pop-up only after its first response.
 */
export class PageWatch {
  private readonly clock: Clock
  private readonly dialogs = new Map<CDPSession, OpenDialog>()
  private facts = new WeakMap<CDPSession, PageFacts>()
  private refused: (refusal: RateLimited) => void = () => undefined

  private constructor(clock: Clock) {
    this.clock = clock
  }

  /** Watches `page` and each page that is attached from now on. */
  static async start(page: Page, clock: Clock): Promise<PageWatch> {
    const watch = new PageWatch(clock)
    const session = sessionOf(page)
    if (session === undefined) return watch
    watch.awaitPages(session)
    const { targetInfo } = await session.send('Target.getTargetInfo')
    watch.add(session, targetInfo.targetId)
    return watch
  }

  /**
   * Begins a job: clears the facts of earlier jobs, and reports each rate limit until the returned
   * function is called.
   */
  begin(refused: (refusal: RateLimited) => void): () => void {
    this.facts = new WeakMap()
    this.refused = refused
    return () => (this.refused = () => undefined)
  }

  factsOf(page: Page): PageFacts | undefined {
    const session = sessionOf(page)
    return session === undefined ? undefined : this.factsIn(session)
  }

  /**
   * Returns the open dialog of `page`, or else of another page; undefined if no dialog is open.
   * Other pages count because a pop-up may share its process with its opener, and its dialog then
   * blocks both.
   */
  dialogAt(page: Page): OpenDialog | undefined {
    const open = [...this.dialogs].filter(([session]) => !session.detached)
    const own = sessionOf(page)
    const dialog = (open.find(([session]) => session === own) ?? open[0])?.[1]
    const prints = page
      .browser()
      .targets()
      .some(target => target.url() === PRINT_DIALOG)
    return dialog ?? (prints ? { type: 'print', message: '' } : undefined)
  }

  /**
   * Enables the events of each new page before puppeteer lets the page run. The tab of a page is
   * attached first, and announces the page.
   */
  private awaitPages(session: CDPSession): void {
    const connection = session.connection()
    connection?.on('sessionattached', parent => {
      parent.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
        const attached = targetInfo.type === 'page' ? connection.session(sessionId) : null
        if (attached === null) return
        for (const domain of ['Network.enable', 'Page.enable'] as const) {
          // The page may close before the command arrives.
          attached.send(domain).catch(() => undefined)
        }
        this.add(attached, targetInfo.targetId)
      })
    })
  }

  /**
   * Starts to watch a page through its session. The id of a page's main frame is also the id of its
   * target.
   */
  private add(session: CDPSession, mainFrameId: string): void {
    session.on('Network.requestWillBeSent', ({ frameId, requestId, loaderId, type }) => {
      const isNavigation = requestId === loaderId && type === 'Document'
      if (isNavigation && frameId === mainFrameId) this.factsIn(session).navigating()
    })
    session.on('Network.responseReceived', ({ frameId, requestId, loaderId, type, response }) => {
      if (requestId !== loaderId || type !== 'Document' || frameId !== mainFrameId) return
      const facts = this.factsIn(session)
      facts.navigated(response, this.clock.now())
      if (facts.refusal !== undefined) this.refused(facts.refusal)
    })
    session.on('Page.javascriptDialogOpening', ({ type, message }) => {
      this.dialogs.set(session, { type, message })
    })
    session.on('Page.javascriptDialogClosed', () => this.dialogs.delete(session))
  }

  private factsIn(session: CDPSession): PageFacts {
    const known = this.facts.get(session)
    if (known !== undefined) return known
    const facts = new PageFacts()
    this.facts.set(session, facts)
    return facts
  }
}
