import type { Frame, Page, Target } from 'puppeteer'
import { runInternal, isInternalCall } from '../cdp/internal-call.ts'
import {
  ELEMENT_CALLS,
  KEYBOARD_CALLS,
  LOCATOR_CALLS,
  LOCATOR_CLASS_CALLS,
  MOUSE_CALLS,
  PAGE_CALLS,
  TOUCH_CALLS,
  callInWords,
} from './instrumented-methods.ts'
import type { Calls } from './instrumented-methods.ts'
import { unwrapMethods, wrapMethod } from './wrap-method.ts'
import type { Called } from './wrap-method.ts'

/** The end of a call; `thrown` is present if the call failed. */
export type CallEnd = { readonly thrown?: unknown }

/** Who follows what an author calls of a page. */
export interface CallHooks {
  /** Notes a call of `page` as it is made; `called` is the function that the author called. Returns what is called once the call has ended. */
  readonly begin: (text: string, called: Called, page: Page) => (end: CallEnd) => void
  /** What a call waits for before it begins, so that no limit of its own runs meanwhile; undefined when it may begin. */
  readonly hold: () => Promise<void> | undefined
}

/**
 * Follows what an author calls of a page and of the pages that open beside it, of their frames and input devices, and of the locators and elements that come from them. What such a call calls in its
 * turn is puppeteer's own, and passed over. Returns a function that takes everything off again which would outlast the author's use of the page.
 */
export function instrumentPage(page: Page, watch: CallHooks): () => void {
  const author = new AuthorCalls(watch)
  const locatorClass = locatorClassOf(page)
  author.follow(locatorClass, 'Locator', LOCATOR_CLASS_CALLS, page)
  const followed = new Map([[page, followPage(author, page, 'page')]])
  const context = page.browserContext()
  // puppeteer makes the object of a page when somebody asks for it: before that nobody calls it.
  const followOpened = (target: Target) => {
    const open = target.page.bind(target)
    target.page = async () => {
      const opened = await open()
      if (opened !== null && !followed.has(opened)) {
        const text = target.opener() === undefined ? 'page' : 'popup'
        followed.set(opened, followPage(author, opened, text))
      }
      return opened
    }
  }
  context.on('targetcreated', followOpened)
  return () => {
    context.off('targetcreated', followOpened)
    for (const forget of followed.values()) forget()
    unwrapMethods(locatorClass)
  }
}

function followPage(author: AuthorCalls, page: Page, text: string): () => void {
  const { keyboard, mouse, touchscreen } = page
  const followFrame = (frame: Frame) => author.follow(frame, 'frame', PAGE_CALLS, page)
  author.follow(page, text, PAGE_CALLS, page)
  author.follow(keyboard, `${text}.keyboard`, KEYBOARD_CALLS, page)
  author.follow(mouse, `${text}.mouse`, MOUSE_CALLS, page)
  author.follow(touchscreen, `${text}.touchscreen`, TOUCH_CALLS, page)
  page.frames().forEach(followFrame)
  page.on('frameattached', followFrame)
  // A new main frame is not attached to anything.
  page.on('framenavigated', followFrame)
  return () => {
    page.off('frameattached', followFrame)
    page.off('framenavigated', followFrame)
    for (const target of [page, keyboard, mouse, touchscreen, ...page.frames()]) unwrapMethods(target)
  }
}

class AuthorCalls {
  private readonly watch: CallHooks
  private readonly followed = new WeakSet<object>()

  constructor(watch: CallHooks) {
    this.watch = watch
  }

  /** Follows the calls of an object of `page`, which words know as `text`, and of what comes from it. */
  follow(target: object, text: string, calls: Calls, page: Page): void {
    if (this.followed.has(target)) return
    this.followed.add(target)
    const { actions, elements = [], locators = [], variants = [], showsText } = calls
    for (const name of actions) {
      const gives = elements.includes(name)
      wrapMethod(target, name, (args, call, called) =>
        isInternalCall()
          ? call()
          : this.during({ text: callInWords(text, name, args, showsText), called, page }, call, gives),
      )
    }
    for (const name of locators) {
      wrapMethod(target, name, (args, make) =>
        this.locator(callInWords(text, name, args, showsText), make(), page),
      )
    }
    for (const name of variants) wrapMethod(target, name, (_args, make) => this.locator(text, make(), page))
  }

  private locator(text: string, locator: unknown, page: Page): unknown {
    if (!isInternalCall() && isObject(locator)) this.follow(locator, text, LOCATOR_CALLS, page)
    return locator
  }

  /** Awaits it, rather than listen beside the author: of a promise with two listeners V8 does not say who awaits it. */
  private async during(
    { text, called, page }: { readonly text: string; readonly called: Called; readonly page: Page },
    act: () => unknown,
    givesElements: boolean,
  ): Promise<unknown> {
    const end = this.watch.begin(text, called, page)
    let ended: CallEnd = {}
    try {
      const held = this.watch.hold()
      if (held !== undefined) await held
      const value = await runInternal(act)
      if (givesElements) this.elements(value, page)
      return value
    } catch (thrown) {
      ended = { thrown }
      throw thrown
    } finally {
      end(ended)
    }
  }

  private elements(found: unknown, page: Page): void {
    const elements: readonly unknown[] = Array.isArray(found) ? found : [found]
    for (const element of elements)
      if (isObject(element)) this.follow(element, 'element', ELEMENT_CALLS, page)
  }
}

/** The class that all locators are of, with its `race`, which gives a locator that comes from no page. */
function locatorClassOf(page: Page): object {
  let found: object = page.locator('*').constructor
  for (;;) {
    const parent = Reflect.getPrototypeOf(found)
    if (parent === null || !('race' in parent)) return found
    found = parent
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
