import type { CDPEvents, CDPSession } from 'puppeteer'

/**
 * Listeners on CDP sessions that are removed together, so that no listener of a job stays on the
 * page for the next job.
 */
export class Disposables {
  private forgets: (() => void)[] = []

  on<Event extends keyof CDPEvents>(
    session: CDPSession,
    event: Event,
    listener: (payload: CDPEvents[Event]) => void,
  ): void {
    session.on(event, listener)
    this.add(() => session.off(event, listener))
  }

  add(forget: () => void): void {
    this.forgets.push(forget)
  }

  end(): void {
    for (const forget of this.forgets.splice(0)) forget()
  }
}
