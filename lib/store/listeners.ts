/** Functions that want to be called. */
export class Listeners<A extends readonly unknown[]> {
  private readonly listeners = new Set<(...values: A) => void>()

  /** The returned function takes the listener away again. */
  add(listener: (...values: A) => void): () => void {
    // A function of its own, so that a listener added twice is forgotten once at a time.
    const own = (...values: A) => listener(...values)
    this.listeners.add(own)
    return () => {
      this.listeners.delete(own)
    }
  }

  emit(...values: A): void {
    for (const listener of [...this.listeners]) listener(...values)
  }
}
