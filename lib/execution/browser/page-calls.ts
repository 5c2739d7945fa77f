/** What a workflow awaits of its page. */
export const PAGE_CALLS = [
  '$',
  '$$',
  '$eval',
  '$$eval',
  'click',
  'content',
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
  'title',
  'type',
  'waitForFileChooser',
  'waitForFrame',
  'waitForFunction',
  'waitForNavigation',
  'waitForNetworkIdle',
  'waitForRequest',
  'waitForResponse',
  'waitForSelector',
] as const

/** Stands around one call: `call` does it, `called` is what the workflow called. */
export type Around = (name: string, args: readonly unknown[], call: () => unknown, called: Called) => unknown

/** Any function, as `Error.captureStackTrace` takes it: the stack begins at whoever called it. */
export type Called = (...args: never[]) => unknown

/** Puts `around` in the place of methods of an object, of those that it has. */
export function wrapCalls(target: object, names: readonly string[], around: Around): void {
  for (const name of names) {
    const original: unknown = Reflect.get(target, name)
    if (!isFunction(original)) continue
    const called = (...args: unknown[]): unknown =>
      around(name, args, () => Reflect.apply(original, target, args), called)
    Reflect.set(target, name, called)
  }
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function'
}
