import type { Page } from 'puppeteer'
import { causesOf } from '../../core/errors/errors.ts'
import type { CallEnd } from '../browser/instrument/instrument-page.ts'
import type { Called } from '../browser/instrument/wrap-method.ts'

/** Position of the author's code, derived from its calls. */
export interface CallSite {
  /** `waiting for page.waitForSelector("#cart")`; `after …` if no known call is pending. */
  readonly text: string
  /** Lines of the stack (`    at …`), from the author's own code on. */
  readonly frames: readonly string[]
}

interface Call {
  readonly text: string
  /** Page that was called; undefined for a step. */
  readonly page: Page | undefined
  /** Object with the stack, which V8 formats only when it is read. */
  readonly at: { readonly stack?: string }
}

/**
 * Tracks a workflow's calls, so that the error for an exceeded limit can name the pending call and
 * its line. The timer of the limit does not know them.
 */
export class CallTracker {
  private readonly open = new Set<Call>()
  private last: Call | undefined
  /** Page of the newest call. */
  private page: Page | undefined
  private readonly failed = new WeakMap<object, Page>()
  private pending = 0

  /** True if a call of the job, whatever its phase, has not ended. */
  get isPending(): boolean {
    return this.pending > 0
  }

  /** Forgets the earlier calls, because another try of a phase begins. */
  begin(): void {
    this.open.clear()
    this.last = undefined
    this.page = undefined
  }

  /**
   * Records the start of a call to `page`. `called` is the function that the author called. Returns
   * a function that records the end of the call.
   */
  call(text: string, called: Called, page: Page): (end: CallEnd) => void {
    const call = callOf(text, called, page)
    this.last = call
    this.page = page
    this.open.add(call)
    this.pending += 1
    return ({ thrown }) => {
      this.open.delete(call)
      this.pending -= 1
      if (typeof thrown === 'object' && thrown !== null) this.failed.set(thrown, page)
    }
  }

  /** Returns the page of the call that threw `thrown`; undefined if no call did. */
  pageOf(thrown: unknown): Page | undefined {
    for (const cause of causesOf(thrown)) {
      const page = typeof cause === 'object' && cause !== null ? this.failed.get(cause) : undefined
      if (page !== undefined) return page
    }
    return undefined
  }

  /**
   * Returns the page of the newest pending call, or else of the last call; undefined if there was
   * no call.
   */
  currentPage(): Page | undefined {
    return [...this.open].at(-1)?.page ?? this.page
  }

  /** Records a step; `called` is the function that the author called for it. */
  step(path: string, called: Called): void {
    this.last = callOf(`step "${path}"`, called)
  }

  /**
   * Returns the position of the newest pending call, or else of the last call; undefined if there
   * was no call.
   */
  place(): CallSite | undefined {
    const waited = [...this.open].at(-1)
    const call = waited ?? this.last
    if (call === undefined) return undefined
    const frames = (call.at.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
    return { text: `${waited === undefined ? 'after' : 'waiting for'} ${call.text}`, frames }
  }
}

function callOf(text: string, called: Called, page?: Page): Call {
  const at: { stack?: string } = {}
  Error.captureStackTrace(at, called)
  return { text, at, page }
}
