import type { CDPSession } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { recordConsole } from './console-events.ts'
import { DomSnapshots } from './dom-snapshots.ts'
import { recordNetwork } from './network-events.ts'
import { startScreencast } from './screencast.ts'
import type { Disposables } from '../browser/cdp/disposables.ts'
import type { TraceJournal } from './trace-journal.ts'

export interface PageSurroundings {
  readonly journal: TraceJournal
  readonly subscriptions: Disposables
  readonly clock: Clock
  /** Start of the recording, in milliseconds of the monotonic clock. */
  readonly startedMs: number
}

/**
 * Records one page through a session of its own. Listening is cheap. Pictures are taken only after
 * `film` is called.
 */
export class PageRecording {
  readonly pageId: string
  readonly snapshots: DomSnapshots
  private readonly session: CDPSession
  private readonly surroundings: PageSurroundings
  private filmed = false

  constructor(session: CDPSession, pageId: string, surroundings: PageSurroundings) {
    this.session = session
    this.pageId = pageId
    this.surroundings = surroundings
    const { journal, clock } = surroundings
    this.snapshots = new DomSnapshots(session, {
      pageId,
      now: () => clock.monotonic(),
      write: line => journal.snapshot(line),
    })
  }

  get sessionId(): string {
    return this.session.id()
  }

  /**
   * Records the network traffic and the console of the page, and of its frames in other processes.
   * `onLoaded` is called when a document has loaded.
   */
  listen(onLoaded: () => void): void {
    const { subscriptions } = this.surroundings
    this.listenTo(this.session)
    subscriptions.on(this.session, 'Page.loadEventFired', onLoaded)
    const listenToFrame = (session: CDPSession) => this.listenTo(session)
    this.session.on('sessionattached', listenToFrame)
    subscriptions.add(() => this.session.off('sessionattached', listenToFrame))
  }

  /** Starts to take pictures. */
  film(): void {
    if (this.filmed) return
    this.filmed = true
    const { journal, subscriptions, clock, startedMs } = this.surroundings
    const { pageId } = this
    startScreencast(this.session, subscriptions, {
      clock,
      spacing: () => journal.frameSpacing,
      frame: (jpeg, { width, height }) => {
        const timestamp = clock.monotonic()
        const name = journal.frame(pageId.replace('@', '-'), timestamp - startedMs, jpeg)
        if (name !== undefined)
          journal.line({ type: 'screencast-frame', pageId, sha1: name, width, height, timestamp })
      },
    })
  }

  private listenTo(session: CDPSession): void {
    const { journal, subscriptions, clock } = this.surroundings
    const sink = {
      pageId: this.pageId,
      now: () => clock.monotonic(),
      wallNow: () => clock.now(),
      write: journal.line.bind(journal),
    }
    recordNetwork(session, subscriptions, sink)
    recordConsole(session, subscriptions, sink)
  }
}
