/** The storm brake counts messages of the last minute. */
const MINUTE_MS = 60_000

/** What has waited for this long and is not alone waited for a reason (quiet hours, a storm, no network): it comes together, in one message. */
const FOLD_AFTER_MS = 60_000

export interface DeliveryView {
  /** Messages to send on this channel, oldest first. `complete`: nothing of it can have arrived yet. */
  readonly waiting: readonly { readonly id: number; readonly queuedAt: number; readonly complete: boolean }[]
  /** When messages were sent, as far as they are of the last minute. */
  readonly sentAt: readonly number[]
  /** The channel does not take anything before; null when it does. */
  readonly notBefore: number | null
  /** When the quiet hours end; null outside of them. */
  readonly quietUntil: number | null
  readonly perMinute: number
}

export type DeliveryAction =
  | { readonly type: 'send'; readonly id: number }
  /** Make one message of these. */
  | { readonly type: 'fold'; readonly ids: readonly number[] }
  /** Nothing to do; until then, or until something changes. */
  | { readonly type: 'rest'; readonly until: number | null }

/** Says what a channel does next: pure, so that a storm is a row in a table. */
export function decideDelivery(view: DeliveryView, now: number): DeliveryAction {
  const { waiting, notBefore, quietUntil, perMinute } = view
  const [oldest] = waiting
  if (oldest === undefined) return { type: 'rest', until: null }
  const sent = view.sentAt.filter(at => at > now - MINUTE_MS).sort((a, b) => a - b)
  const braked = sent.length < perMinute ? null : (sent[sent.length - perMinute] ?? now) + MINUTE_MS
  const until = Math.max(notBefore ?? 0, quietUntil ?? 0, braked ?? 0)
  if (until > now) return { type: 'rest', until }
  const complete = waiting.filter(message => message.complete)
  // What has begun goes on first: it is known there in part.
  if (!oldest.complete) return { type: 'send', id: oldest.id }
  const late = now - oldest.queuedAt >= FOLD_AFTER_MS
  if (complete.length > 1 && (late || complete.length > perMinute))
    return { type: 'fold', ids: complete.map(({ id }) => id) }
  return { type: 'send', id: oldest.id }
}
