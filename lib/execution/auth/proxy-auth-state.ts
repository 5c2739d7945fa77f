/**
 * A request that was cancelled never reports its end. A proxy that has not asked for credentials by now has not been waiting for them.
 */
const CHALLENGE_PATIENCE_MS = 30_000

interface Context {
  readonly targets: Set<string>
  /** Whether the browser is known to have the proxy's credentials for this context: then it sends them by itself. */
  isAuthenticated: boolean
  /** Requests that began before that, and may still be challenged, with the instant at which they began. */
  readonly early: Map<string, number>
}

/**
 * Knows in which browser contexts the proxy's credentials have been accepted: there every further request carries them without us, so that interception can
 * step aside. A context that is new, or in which the proxy has asked again, needs it. Pure bookkeeping; nothing here speaks to the browser.
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

  /** `frameId` is the id of a target, too, when the frame is a page's or has a process of its own; other frames prove nothing. */
  requestBegan(requestId: string, frameId: string, now: number): void {
    const context = this.at(frameId)
    if (context?.isAuthenticated === false) context.early.set(requestId, now)
  }

  /** A response came through the proxy that is not the proxy's own refusal. */
  passed(requestId: string, frameId: string): void {
    const context = this.at(frameId)
    if (context === undefined) return
    context.early.delete(requestId)
    context.isAuthenticated = true
  }

  /** A request ended in any other way. */
  ended(requestId: string, frameId: string): void {
    this.at(frameId)?.early.delete(requestId)
  }

  /** The proxy asked again where it had accepted before, or is another one now. */
  invalidate(): void {
    for (const context of this.contexts.values()) {
      context.isAuthenticated = false
      context.early.clear()
    }
  }

  /** Whether some context still needs us to answer for it. */
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
