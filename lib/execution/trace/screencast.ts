import type { CDPSession, Protocol } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import type { Disposables } from '../browser/cdp/disposables.ts'

/**
 * Interval between pictures. Chrome paints up to 60 times a second; five pictures show enough, and
 * cost little.
 */
const FRAME_INTERVAL_MS = 200

/** Settings of a picture with readable text, at about 20 kB. */
const PICTURE = { format: 'jpeg', quality: 55, maxWidth: 960, maxHeight: 720 } as const

export interface ScreencastSink {
  readonly clock: Clock
  /** Receives a picture. */
  readonly frame: (jpeg: Buffer, size: { readonly width: number; readonly height: number }) => void
  /** Returns the factor by which the interval is longer than usual. */
  readonly spacing: () => number
}

/**
 * Takes pictures of a page as it changes, about one per interval. Chrome makes the pictures in its
 * own process, so they are taken even while a script of the page runs forever. Chrome sends up to
 * three pictures before the first is acknowledged, so one acknowledgement per interval brings one
 * picture per interval.
 */
export function startScreencast(session: CDPSession, subscriptions: Disposables, sink: ScreencastSink): void {
  const screencast = new Screencast(session, sink)
  subscriptions.on(session, 'Page.screencastFrame', event => screencast.received(event))
  subscriptions.add(() => screencast.stop())
  screencast.start()
}

class Screencast {
  private readonly session: CDPSession
  private readonly sink: ScreencastSink
  private readonly unacknowledged: number[] = []
  /** Newest picture, if it arrived too soon after the last recorded one. */
  private held: Protocol.Page.ScreencastFrameEvent | undefined
  private keptAt = -Infinity
  private forgetTimer: (() => void) | undefined

  constructor(session: CDPSession, sink: ScreencastSink) {
    this.session = session
    this.sink = sink
  }

  start(): void {
    this.send(this.session.send('Page.startScreencast', PICTURE))
  }

  stop(): void {
    this.forgetTimer?.()
    this.keepHeld()
    this.send(this.session.send('Page.stopScreencast'))
  }

  received(event: Protocol.Page.ScreencastFrameEvent): void {
    this.unacknowledged.push(event.sessionId)
    this.held = event
    if (this.sink.clock.monotonic() - this.keptAt >= this.intervalMs) this.keepHeld()
    this.forgetTimer ??= this.sink.clock.after(this.intervalMs, () => this.intervalOver())
  }

  private get intervalMs(): number {
    return FRAME_INTERVAL_MS * this.sink.spacing()
  }

  private intervalOver(): void {
    this.forgetTimer = undefined
    this.keepHeld()
    const sessionId = this.unacknowledged.shift()
    if (sessionId !== undefined) this.send(this.session.send('Page.screencastFrameAck', { sessionId }))
    if (this.unacknowledged.length > 0) {
      this.forgetTimer = this.sink.clock.after(this.intervalMs, () => this.intervalOver())
    }
  }

  private keepHeld(): void {
    if (this.held === undefined) return
    const { data, metadata } = this.held
    this.held = undefined
    this.keptAt = this.sink.clock.monotonic()
    const size = { width: Math.round(metadata.deviceWidth), height: Math.round(metadata.deviceHeight) }
    this.sink.frame(Buffer.from(data, 'base64'), size)
  }

  private send(call: Promise<unknown>): void {
    // The page may have closed.
    call.catch(() => undefined)
  }
}
