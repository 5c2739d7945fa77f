import type { Page } from 'puppeteer'

/** What a workflow awaits of its page. A pause comes before the call, so that no limit of the call itself runs meanwhile. */
const PAUSING = [
  '$',
  '$$',
  '$eval',
  '$$eval',
  'click',
  'evaluate',
  'focus',
  'goBack',
  'goForward',
  'goto',
  'hover',
  'reload',
  'select',
  'setContent',
  'tap',
  'type',
  'waitForFunction',
  'waitForNavigation',
  'waitForRequest',
  'waitForResponse',
  'waitForSelector',
] as const satisfies readonly (keyof Page)[]

/** Lets an operator's pause take effect before the page's next action. `pending` is asked at each; `pause` resolves when the work may go on. */
export function setPausePoints(page: Page, pending: () => boolean, pause: () => Promise<void>): void {
  for (const name of PAUSING) {
    const original: unknown = Reflect.get(page, name)
    if (!isFunction(original)) continue
    const act = (args: unknown[]): unknown => Reflect.apply(original, page, args)
    Reflect.set(page, name, (...args: unknown[]) => (pending() ? pause().then(() => act(args)) : act(args)))
  }
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function'
}
