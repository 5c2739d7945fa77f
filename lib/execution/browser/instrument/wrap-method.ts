/** Any function, as `Error.captureStackTrace` takes it: the stack begins at whoever called it. */
export type Called = (...args: never[]) => unknown

/** Stands around one call: `call` does it, `called` is what the author called. */
export type Around = (args: readonly unknown[], call: () => unknown, called: Called) => unknown

/** What stood in the place of each wrapper; undefined where the object itself had nothing there. */
const replaced = new WeakMap<Called, PropertyDescriptor | undefined>()

/** Puts `around` in the place of an object's method, when it has it. */
export function wrapMethod(target: object, name: string, around: Around): void {
  const original: unknown = Reflect.get(target, name)
  if (!isFunction(original)) return
  const called = (...args: unknown[]): unknown =>
    around(args, () => Reflect.apply(original, target, args), called)
  replaced.set(called, Reflect.getOwnPropertyDescriptor(target, name))
  Reflect.set(target, name, called)
}

/** Takes the wrappers off an object again. What somebody else put over one of them stays. */
export function unwrapMethods(target: object): void {
  for (const name of Reflect.ownKeys(target)) {
    const method: unknown = Reflect.get(target, name)
    if (!isFunction(method) || !replaced.has(method)) continue
    const before = replaced.get(method)
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Reflect.defineProperty(target, name, before)
  }
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function'
}
