import type { Page } from 'puppeteer'
import { causesOf } from '../../core/errors/errors.ts'
import type { CallEnd } from '../browser/instrument/instrument-page.ts'
import type { Called } from '../browser/instrument/wrap-method.ts'

/** Where the author's code is, as far as its calls tell. */
export interface CallSite {
  /** `waiting for page.waitForSelector("#cart")`; `after …` when nothing that is known of is waited for. */
  readonly text: string
  /** The lines of the stack from the author's own on, `    at …`. */
  readonly frames: readonly string[]
}

interface Call {
  readonly text: string
  /** The page that was called. */
  readonly page: Page | undefined
  /** Its stack is put into words only when it is asked for. */
  readonly at: { readonly stack?: string }
}

/** Follows what a workflow calls, so that a limit that passes can name the line and what was waited for: its own timer knows neither. */
export class CallTracker {
  private readonly open = new Set<Call>()
  private last: Call | undefined
  /** The newest page that was called. */
  private page: Page | undefined
  private readonly failed = new WeakMap<object, Page>()

  /** Forgets what was before: another try of a phase begins. */
  begin(): void {
    this.open.clear()
    this.last = undefined
    this.page = undefined
  }

  /** Notes a call of `page` as it is made, until the returned function is called; `called` is the function that the author called. */
  call(text: string, called: Called, page: Page): (end: CallEnd) => void {
    const call = callOf(text, called, page)
    this.last = call
    this.page = page
    this.open.add(call)
    return ({ thrown }) => {
      this.open.delete(call)
      if (typeof thrown === 'object' && thrown !== null) this.failed.set(thrown, page)
    }
  }

  /** Returns the page whose call threw `thrown`; undefined where no call did. */
  pageOf(thrown: unknown): Page | undefined {
    for (const cause of causesOf(thrown)) {
      const page = typeof cause === 'object' && cause !== null ? this.failed.get(cause) : undefined
      if (page !== undefined) return page
    }
    return undefined
  }

  /** Returns the page of the newest call that has not ended, else of the last one; undefined where none was called. */
  currentPage(): Page | undefined {
    return [...this.open].at(-1)?.page ?? this.page
  }

  /** Notes a step; `called` is the function that the author called for it. */
  step(path: string, called: Called): void {
    this.last = callOf(`step "${path}"`, called)
  }

  /** The newest call that has not ended, else the last one; undefined where none was seen. */
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
