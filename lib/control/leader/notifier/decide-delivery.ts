/** Period for which the limit on messages per minute is counted. */
const MINUTE_MS = 60_000

/**
 * Age from which several waiting messages are joined into one. Messages only get this old because
 * of quiet hours, the limit per minute, or a missing network.
 */
const FOLD_AFTER_MS = 60_000

export interface DeliveryView {
  /**
   * Messages to send on this channel, oldest first. `complete` is true if no part of the message
   * can have arrived yet.
   */
  readonly waiting: readonly { readonly id: number; readonly queuedAt: number; readonly complete: boolean }[]
  /** Epoch ms of each message that was sent in the last minute. */
  readonly sentAt: readonly number[]
  /** Epoch ms before which the channel accepts no message; null if it accepts messages now. */
  readonly notBefore: number | null
  /** Epoch ms at which the quiet hours end; null outside of them. */
  readonly quietUntil: number | null
  readonly perMinute: number
}

export type DeliveryAction =
  | { readonly type: 'send'; readonly id: number }
  /** Joins these messages into one. */
  | { readonly type: 'fold'; readonly ids: readonly number[] }
  /**
   * Waits until `until` (epoch ms), or until a change. `until` is null if only a change matters.
   */
  | { readonly type: 'rest'; readonly until: number | null }

/**
 * Returns the next action of a channel. Pure, so that a test can list situations and their actions
 * in a table.
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
  // A message that was begun is sent first, because a part of it may have arrived.
  if (!oldest.complete) return { type: 'send', id: oldest.id }
  const late = now - oldest.queuedAt >= FOLD_AFTER_MS
  if (complete.length > 1 && (late || complete.length > perMinute))
    return { type: 'fold', ids: complete.map(({ id }) => id) }
  return { type: 'send', id: oldest.id }
}
