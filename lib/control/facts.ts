/**
 * Lets callers wait until a condition is true. Code that may have changed a condition calls
 * `check`.
 */
export class Facts {
  private readonly waiting = new Set<() => void>()

  readonly check = (): void => {
    for (const check of this.waiting) check()
  }

  /** Resolves once `fact` returns true. */
  until(fact: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const check = () => {
        if (!fact()) return
        this.waiting.delete(check)
        resolve()
      }
      this.waiting.add(check)
      check()
    })
  }
}
