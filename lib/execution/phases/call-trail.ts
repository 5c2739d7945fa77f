import type { Page } from 'puppeteer'
import { PAGE_CALLS, wrapCalls } from '../browser/page-calls.ts'
import type { Called } from '../browser/page-calls.ts'

/** Calls whose first text says what is looked for; that of the others may be a whole document. */
const NAMED_BY_TEXT: ReadonlySet<string> = new Set([
  ...['$', '$$', '$eval', '$$eval', 'click', 'focus', 'goto', 'hover', 'select', 'tap', 'type'],
  ...['waitForRequest', 'waitForResponse', 'waitForSelector', 'locator'],
])

const LOCATOR_ACTIONS = ['click', 'fill', 'hover', 'scroll', 'wait', 'waitHandle'] as const
const LOCATOR_MAKERS = [
  'filter',
  'map',
  'setEnsureElementIsInTheViewport',
  'setTimeout',
  'setVisibility',
  'setWaitForEnabled',
  'setWaitForStableBoundingBox',
] as const

/** Where the author's code is, as far as its calls tell. */
export interface Place {
  /** `waiting for page.waitForSelector("#cart")`; `after …` when nothing that is known of is waited for. */
  readonly text: string
  /** The lines of the stack from the author's own on, `    at …`. */
  readonly frames: readonly string[]
}

interface Call {
  readonly text: string
  /** Its stack is put into words only when it is asked for. */
  readonly at: { readonly stack?: string }
}

/** Follows what a workflow calls, so that a limit that passes can name the line and what was waited for: its own timer knows neither. */
export class CallTrail {
  private readonly open = new Set<Call>()
  private last: Call | undefined
  private within = false

  /** Follows the calls of a page, and of locators that come from it. */
  follow(page: Page): void {
    wrapCalls(page, PAGE_CALLS, (name, args, call, called) =>
      this.during(`page.${written(name, args)}`, call, called),
    )
    wrapCalls(page, ['locator'], (name, args, make) =>
      this.followLocator(`page.${written(name, args)}`, make()),
    )
  }

  /** Forgets what was before: another try of a phase begins. */
  begin(): void {
    this.open.clear()
    this.last = undefined
  }

  /** Notes a step; `called` is the function that the author called for it. */
  step(path: string, called: Called): void {
    this.last = callOf(`step "${path}"`, called)
  }

  /** The newest call that has not ended, else the last one; undefined where none was seen. */
  place(): Place | undefined {
    const waited = [...this.open].at(-1)
    const call = waited ?? this.last
    if (call === undefined) return undefined
    const frames = (call.at.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
    return { text: `${waited === undefined ? 'after' : 'waiting for'} ${call.text}`, frames }
  }

  private followLocator(text: string, locator: unknown): unknown {
    if (typeof locator !== 'object' || locator === null) return locator
    wrapCalls(locator, LOCATOR_ACTIONS, (name, args, call, called) =>
      this.during(`${text}.${written(name, args)}`, call, called),
    )
    wrapCalls(locator, LOCATOR_MAKERS, (_name, _args, make) => this.followLocator(text, make()))
    return locator
  }

  /** What a call calls in its turn is not the author's. */
  private during(text: string, act: () => unknown, called: Called): unknown {
    if (this.within) return act()
    const call = callOf(text, called)
    this.last = call
    this.open.add(call)
    this.within = true
    try {
      return this.ended(call, act())
    } finally {
      this.within = false
    }
  }

  /** Awaits it, rather than listen beside the author: of a promise with two listeners V8 does not say who awaits it. */
  private async ended(call: Call, value: unknown): Promise<unknown> {
    try {
      return await value
    } finally {
      this.open.delete(call)
    }
  }
}

function callOf(text: string, called: Called): Call {
  const at: { stack?: string } = {}
  Error.captureStackTrace(at, called)
  return { text, at }
}

function written(name: string, [first, ...others]: readonly unknown[]): string {
  if (first === undefined && others.length === 0) return `${name}()`
  return NAMED_BY_TEXT.has(name) && typeof first === 'string'
    ? `${name}(${JSON.stringify(first)})`
    : `${name}(…)`
}
