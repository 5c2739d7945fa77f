type Step = () => unknown

/**
 * Collects the steps that close resources while the resources are opened, such as the parts of a
 * scheduler.
 */
export class CloseStack {
  private readonly steps: Step[] = []
  private closing: Promise<void> | undefined

  /** Adds the step that closes the resource that was opened last. */
  defer(step: Step): void {
    this.steps.push(step)
  }

  /**
   * Runs all steps once, the last one first, each after the end of the one before. A failing step
   * does not prevent the others. Every call returns the same promise.
   * @throws the error of a step.
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
 * Runs `open`, which defers one step for each resource that it opens. If it fails half way, the
 * resources are closed before its error is thrown. Otherwise the resources stay open, and their
 * owner closes the stack.
 * @throws the error of `open`.
 */
export async function openAll<T>(open: (opened: CloseStack) => Promise<T>): Promise<T> {
  const opened = new CloseStack()
  try {
    return await open(opened)
  } catch (error) {
    // An error of a step would hide the reason.
    await opened.close().catch(() => undefined)
    throw error
  }
}
