import type { OutboxMessage } from '../../../model/notify/outbox-message.ts'
import type { Notification, SingleNotification } from '../../../model/notify/notification.ts'

/** So many are told one by one in a summary; of more it is told how many. */
const MOST_NOTICES = 30

/** One notice for all of these messages, oldest first; summaries among them are opened. */
export function digestOf(messages: readonly Pick<OutboxMessage, 'notice' | 'queuedAt'>[]): Notification {
  const singles = messages.flatMap(({ notice }): readonly SingleNotification[] =>
    notice.kind === 'summary' ? notice.notices : [notice],
  )
  const count = messages.reduce((sum, { notice }) => sum + (notice.kind === 'summary' ? notice.count : 1), 0)
  const since = Math.min(
    ...messages.map(({ notice, queuedAt }) => (notice.kind === 'summary' ? notice.since : queuedAt)),
  )
  return { kind: 'summary', since, count, notices: singles.slice(0, MOST_NOTICES) }
}
