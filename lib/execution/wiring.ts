import type { StorePort } from './coordination/store-port.ts'

/** Asks the system to end this process when its parent ends. Does nothing where there is no such thing; never throws. */
export function endWithParent(): void {
  // Wired to lib/platform (parent death on Linux, a nested Job Object on Windows).
}

/** Connects to the store's owner of the project at `root`; null when there is none, as for a worker started by hand. */
export const connectToStore: (root: string) => Promise<StorePort | null> = () =>
  // Wired to lib/store.
  Promise.resolve(null)
