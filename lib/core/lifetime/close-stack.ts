type Step = () => unknown

/**
 * A stack of steps that close resources. Each step is added when its resource is opened, such as a
 * part of a scheduler.
 */
export class CloseStack {
  private readonly steps: Step[] = []
  private closing: Promise<void> | undefined

  /** Adds the step that closes the resource that was opened last. */
  defer(step: Step): void {
    this.steps.push(step)
  }

  /**
   * Runs all steps once, in reverse order, each after the end of the previous one. If a step fails,
   * the others still run. Every call returns the same promise.
   * @throws The error of a step.
   */
  close(): Promise<void> {
    this.closing ??= this.runSteps()
    return this.closing
  }

  private async runSteps(): Promise<void> {
    const step = this.steps.pop()
    if (step === undefined) return
    try {
      await step()
    } finally {
      await this.runSteps()
    }
  }
}

/**
 * Runs `open`, which defers one step for each resource that it opens. If `open` fails, the
 * resources that it has opened are closed before its error is thrown. Otherwise the resources stay
 * open, and the caller must close the stack.
 * @throws The error of `open`.
 */
export async function openAll<T>(open: (opened: CloseStack) => Promise<T>): Promise<T> {
  const opened = new CloseStack()
  try {
    return await open(opened)
  } catch (error) {
    // An error of a step would hide the original error.
    await opened.close().catch(() => undefined)
    throw error
  }
}
