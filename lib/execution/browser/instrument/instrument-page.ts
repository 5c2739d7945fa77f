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

/** End of a call; `thrown` is present if the call failed. */
export type CallEnd = { readonly thrown?: unknown }

/** Hooks around the calls that an author makes to a page. */
export interface CallHooks {
  /**
   * Records the start of a call to `page`. `called` is the function that the author called. Returns
   * a function that records the end of the call.
   */
  readonly begin: (text: string, called: Called, page: Page) => (end: CallEnd) => void
  /**
   * Returns a promise that the call awaits before it begins, so that its own time limit starts
   * later; undefined if the call may begin.
   */
  readonly hold: () => Promise<void> | undefined
}

/**
 * Wraps the methods that an author calls on a page and on the pages that it opens, on their frames
 * and input devices, and on their locators and elements. Nested calls are puppeteer's own and are
 * ignored. Returns a function that removes the wrappers from all objects that outlast the author's
 * use of the page.
 */
export function instrumentPage(page: Page, watch: CallHooks): () => void {
  const author = new AuthorCalls(watch)
  const locatorClass = locatorClassOf(page)
  author.follow(locatorClass, 'Locator', LOCATOR_CLASS_CALLS, page)
  const followed = new Map([[page, followPage(author, page, 'page')]])
  const context = page.browserContext()
  // puppeteer creates the object of a page when the page is first requested, so nothing can call
  // the page earlier.
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
  // A new main frame has no parent, so `frameattached` does not report it.
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

  /**
   * Wraps the methods of an object of `page`, and the methods of the objects that they return.
   * `text` names the object in descriptions of calls.
   */
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

  /**
   * Performs an author's call. Awaits the promise of the call and adds no listener to it, because
   * V8 does not report the stack of the code that awaits a promise with two listeners.
   */
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

/**
 * Returns the base class of all locators, which is instrumented too, because its method `race`
 * returns a locator without a page.
 */
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
