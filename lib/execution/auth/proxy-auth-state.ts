/**
 * Longest wait for the end of a request. A cancelled request never reports its end, and a proxy
 * that has requested no credentials by then does not require them.
 */
const CHALLENGE_PATIENCE_MS = 30_000

interface Context {
  readonly targets: Set<string>
  /**
   * True if the browser has the proxy's credentials for this context, and so sends them by itself.
   */
  isAuthenticated: boolean
  /**
   * Requests from before the authentication, which may still be challenged, with their start times.
   */
  readonly early: Map<string, number>
}

/**
 * Tracks the browser contexts in which the proxy has accepted its credentials. The browser then
 * sends the credentials by itself, so interception can end. A new context, or a new challenge of
 * the proxy, needs interception. Pure bookkeeping, without access to the browser.
 */
export class ProxyAuthState {
  private readonly contexts = new Map<string, Context>()
  private readonly contextOf = new Map<string, string>()

  targetCreated(targetId: string, contextId: string): void {
    this.contextOf.set(targetId, contextId)
    const context = this.contexts.get(contextId)
    if (context === undefined) {
      this.contexts.set(contextId, { targets: new Set([targetId]), isAuthenticated: false, early: new Map() })
    } else context.targets.add(targetId)
  }

  targetDestroyed(targetId: string): void {
    const contextId = this.contextOf.get(targetId)
    if (contextId === undefined) return
    this.contextOf.delete(targetId)
    const context = this.contexts.get(contextId)
    context?.targets.delete(targetId)
    if (context?.targets.size === 0) this.contexts.delete(contextId)
  }

  /**
   * Records the start of a request. For the main frame of a page, and for a frame with its own
   * process, `frameId` is also the id of a target. Requests of other frames prove nothing and are
   * ignored.
   */
  requestBegan(requestId: string, frameId: string, now: number): void {
    const context = this.at(frameId)
    if (context?.isAuthenticated === false) context.early.set(requestId, now)
  }

  /** Records a response that came through the proxy and is not the proxy's own refusal. */
  passed(requestId: string, frameId: string): void {
    const context = this.at(frameId)
    if (context === undefined) return
    context.early.delete(requestId)
    context.isAuthenticated = true
  }

  /** Records any other end of a request. */
  ended(requestId: string, frameId: string): void {
    this.at(frameId)?.early.delete(requestId)
  }

  /** Forgets all accepted credentials, because the proxy requested them again, or has changed. */
  invalidate(): void {
    for (const context of this.contexts.values()) {
      context.isAuthenticated = false
      context.early.clear()
    }
  }

  /** True if some context still needs interception. */
  needed(now: number): boolean {
    return [...this.contexts.values()].some(
      ({ isAuthenticated, early }) =>
        !isAuthenticated || [...early.values()].some(beganAt => now - beganAt < CHALLENGE_PATIENCE_MS),
    )
  }

  private at(frameId: string): Context | undefined {
    return this.contexts.get(this.contextOf.get(frameId) ?? '')
  }
}
