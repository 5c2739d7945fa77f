/**
 * A function that an author called. `Error.captureStackTrace` takes it, so that the stack begins at
 * its caller.
 */
export type Called = (...args: never[]) => unknown

/**
 * Runs in the place of one call. `call` performs the original call; `called` is the function that
 * the author called.
 */
export type Around = (args: readonly unknown[], call: () => unknown, called: Called) => unknown

/** Own property that each wrapper has replaced; undefined if the object inherited the method. */
const replaced = new WeakMap<Called, PropertyDescriptor | undefined>()

/** Replaces an object's method, if it exists, by `around`. */
export function wrapMethod(target: object, name: string, around: Around): void {
  const original: unknown = Reflect.get(target, name)
  if (!isFunction(original)) return
  const called = (...args: unknown[]): unknown =>
    around(args, () => Reflect.apply(original, target, args), called)
  replaced.set(called, Reflect.getOwnPropertyDescriptor(target, name))
  Reflect.set(target, name, called)
}

/**
 * Removes the wrappers of an object's methods. A method that other code has replaced since is not
 * changed.
 */
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
