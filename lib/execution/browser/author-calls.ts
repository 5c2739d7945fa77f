import type { Frame, Page } from 'puppeteer'
import { innerCall, isInnerCall } from './inner-call.ts'
import {
  ELEMENT_CALLS,
  KEYBOARD_CALLS,
  LOCATOR_CALLS,
  LOCATOR_CLASS_CALLS,
  MOUSE_CALLS,
  PAGE_CALLS,
  TOUCH_CALLS,
  callInWords,
} from './page-calls.ts'
import type { Calls } from './page-calls.ts'
import { unwrapMethods, wrapMethod } from './wrap-method.ts'
import type { Called } from './wrap-method.ts'

/** Who follows what an author calls of a page. */
export interface CallWatch {
  /** Hears of a call as it is made; `called` is the function that the author called. What it gives is called once the call has ended. */
  readonly begin: (text: string, called: Called) => () => void
  /** What a call waits for before it begins, so that no limit of its own runs meanwhile; undefined when it may begin. */
  readonly hold: () => Promise<void> | undefined
}

/**
 * Follows what an author calls of a page, of its frames and input devices, and of the locators and elements that come from them. What such a call calls in its turn is puppeteer's own, and passed
 * over. Returns a function that takes everything off again which would outlast the author's use of the page.
 */
export function followAuthor(page: Page, watch: CallWatch): () => void {
  const author = new AuthorCalls(watch)
  const { keyboard, mouse, touchscreen } = page
  const locatorClass = locatorClassOf(page)
  const followFrame = (frame: Frame) => author.follow(frame, 'frame', PAGE_CALLS)
  author.follow(page, 'page', PAGE_CALLS)
  author.follow(keyboard, 'page.keyboard', KEYBOARD_CALLS)
  author.follow(mouse, 'page.mouse', MOUSE_CALLS)
  author.follow(touchscreen, 'page.touchscreen', TOUCH_CALLS)
  author.follow(locatorClass, 'Locator', LOCATOR_CLASS_CALLS)
  page.frames().forEach(followFrame)
  page.on('frameattached', followFrame)
  // A new main frame is not attached to anything.
  page.on('framenavigated', followFrame)
  return () => {
    page.off('frameattached', followFrame)
    page.off('framenavigated', followFrame)
    const targets = [page, keyboard, mouse, touchscreen, locatorClass, ...page.frames()]
    for (const target of targets) unwrapMethods(target)
  }
}

class AuthorCalls {
  private readonly watch: CallWatch
  private readonly followed = new WeakSet<object>()

  constructor(watch: CallWatch) {
    this.watch = watch
  }

  /** Follows the calls of an object, which words know as `text`, and of what comes from it. */
  follow(target: object, text: string, calls: Calls): void {
    if (this.followed.has(target)) return
    this.followed.add(target)
    const { actions, elements = [], locators = [], variants = [], tells } = calls
    for (const name of actions) {
      const gives = elements.includes(name)
      wrapMethod(target, name, (args, call, called) =>
        isInnerCall() ? call() : this.during(callInWords(text, name, args, tells), call, called, gives),
      )
    }
    for (const name of locators) {
      wrapMethod(target, name, (args, make) => this.locator(callInWords(text, name, args, tells), make()))
    }
    for (const name of variants) wrapMethod(target, name, (_args, make) => this.locator(text, make()))
  }

  private locator(text: string, locator: unknown): unknown {
    if (!isInnerCall() && isObject(locator)) this.follow(locator, text, LOCATOR_CALLS)
    return locator
  }

  /** Awaits it, rather than listen beside the author: of a promise with two listeners V8 does not say who awaits it. */
  private async during(
    text: string,
    act: () => unknown,
    called: Called,
    givesElements: boolean,
  ): Promise<unknown> {
    const end = this.watch.begin(text, called)
    try {
      const held = this.watch.hold()
      if (held !== undefined) await held
      const value = await innerCall(act)
      if (givesElements) this.elements(value)
      return value
    } finally {
      end()
    }
  }

  private elements(found: unknown): void {
    const elements: readonly unknown[] = Array.isArray(found) ? found : [found]
    for (const element of elements) if (isObject(element)) this.follow(element, 'element', ELEMENT_CALLS)
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
