/** Callers that wait for a fact. Whoever may have changed one calls `look`. */
export class Facts {
  private readonly waiting = new Set<() => void>()

  readonly look = (): void => {
    for (const look of this.waiting) look()
  }

  /** Resolves once `fact` is true. */
  until(fact: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (!fact()) return
        this.waiting.delete(look)
        resolve()
      }
      this.waiting.add(look)
      look()
    })
  }
}
