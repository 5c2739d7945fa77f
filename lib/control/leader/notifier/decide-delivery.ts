/** Period in which the storm brake counts messages. */
const MINUTE_MS = 60_000

/**
 * Age at which several waiting messages are joined into one. Messages wait that long because of
 * quiet hours, a storm, or a missing network.
 */
const FOLD_AFTER_MS = 60_000

export interface DeliveryView {
  /**
   * Messages to send on this channel, oldest first. `complete`: no part of the message can have
   * arrived yet.
   */
  readonly waiting: readonly { readonly id: number; readonly queuedAt: number; readonly complete: boolean }[]
  /** Times of the messages sent in the last minute. */
  readonly sentAt: readonly number[]
  /** Time before which the channel takes no message; null if it takes messages now. */
  readonly notBefore: number | null
  /** End of the quiet hours; null outside of them. */
  readonly quietUntil: number | null
  readonly perMinute: number
}

export type DeliveryAction =
  | { readonly type: 'send'; readonly id: number }
  /** Joins these messages into one. */
  | { readonly type: 'fold'; readonly ids: readonly number[] }
  /** Waits until `until`, or until a change. */
  | { readonly type: 'rest'; readonly until: number | null }

/**
 * Returns the next action of a channel. Pure, so that a storm can be tested as a row of a table.
 */
export function decideDelivery(view: DeliveryView, now: number): DeliveryAction {
  const { waiting, notBefore, quietUntil, perMinute } = view
  const [oldest] = waiting
  if (oldest === undefined) return { type: 'rest', until: null }
  const sent = view.sentAt.filter(at => at > now - MINUTE_MS).sort((a, b) => a - b)
  const braked = sent.length < perMinute ? null : (sent[sent.length - perMinute] ?? now) + MINUTE_MS
  const until = Math.max(notBefore ?? 0, quietUntil ?? 0, braked ?? 0)
  if (until > now) return { type: 'rest', until }
  const complete = waiting.filter(message => message.complete)
  // A message that has begun continues first, because a part of it may have arrived.
  if (!oldest.complete) return { type: 'send', id: oldest.id }
  const late = now - oldest.queuedAt >= FOLD_AFTER_MS
  if (complete.length > 1 && (late || complete.length > perMinute))
    return { type: 'fold', ids: complete.map(({ id }) => id) }
  return { type: 'send', id: oldest.id }
}
