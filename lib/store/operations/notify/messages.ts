import { z } from 'zod'
import { ChannelName } from '../../../model/failure/notified-marker.ts'
import { Instant } from '../../../model/json.ts'
import { ChannelHealth, Delivery, OutboxMessage } from '../../../model/notify/outbox-message.ts'
import { Notification } from '../../../model/notify/notification.ts'
import { DeliveryRejection } from '../../../model/notify/delivery-rejection.ts'
import { defineOperation } from '../define.ts'
import { jsonText } from '../jobs/job-row.ts'
import { queueMessage } from './notices.ts'
import { parseRows } from '../parse-rows.ts'

const MessageId = z.int().positive()

/**
 * Maximum number of messages in a reply, for a channel that cannot be reached for days. The others
 * are read after these have been sent.
 */
const MOST_WAITING = 500

const COLUMNS = `id, channel, notice, queued_at AS queuedAt, tries, parts_done AS partsDone, begun AS uncertain`
const MessageRow = OutboxMessage.extend({
  notice: jsonText(Notification),
  uncertain: z.int().transform(begun => begun === 1),
})

/**
 * Returns the waiting messages of a channel, oldest first, and the times of the messages that were
 * sent since a given time.
 */
const lookAtChannel = defineOperation({
  name: 'messages.look',
  kind: 'read',
  input: z.object({ channel: ChannelName, since: Instant }),
  output: z.object({ waiting: z.array(OutboxMessage), sentAt: z.array(Instant) }),
  run: (db, { channel, since }, { now }) => ({
    waiting: db
      .all(
        `SELECT ${COLUMNS} FROM messages WHERE channel = $channel AND state = 'waiting' ORDER BY id LIMIT ${MOST_WAITING}`,
        { channel },
      )
      .flatMap(parseRows(MessageRow)),
    sentAt: db
      .all(
        `SELECT ended_at FROM messages WHERE channel = $channel AND state = 'sent' AND ended_at BETWEEN $since + 1 AND $now`,
        {
          channel,
          since,
          now,
        },
      )
      .map(row => Instant.parse(row['ended_at'])),
  }),
})

/**
 * Records that a message is being sent now. If no outcome is recorded later, the message may have
 * arrived.
 */
const beginMessage = defineOperation({
  name: 'messages.begin',
  kind: 'write',
  input: z.object({ id: MessageId }),
  output: z.object({}),
  run(db, { id }) {
    db.run('UPDATE messages SET begun = 1 WHERE id = $id', { id })
    return {}
  },
})

/**
 * Records the outcome of an attempt to send a message. `uncertainBefore` is true if an earlier
 * attempt at the same part may have arrived. A later refusal does not change that.
 */
const endMessage = defineOperation({
  name: 'messages.end',
  kind: 'write',
  input: z.object({ id: MessageId, uncertainBefore: z.boolean(), delivery: Delivery }),
  output: z.object({}),
  run(db, { id, uncertainBefore, delivery }, { now }) {
    const before = uncertainBefore ? 1 : 0
    switch (delivery.status) {
      case 'delivered':
        db.run(`UPDATE messages SET state = 'sent', ended_at = $now, begun = 0, why = NULL WHERE id = $id`, {
          id,
          now,
        })
        break
      case 'later':
        db.run(
          `UPDATE messages SET tries = tries + 1, parts_done = $partsDone, why = $why,
             begun = $uncertain OR ($before AND parts_done = $partsDone) WHERE id = $id`,
          {
            ...{ id, before, partsDone: delivery.partsDone, why: delivery.why },
            uncertain: delivery.uncertain ? 1 : 0,
          },
        )
        break
      case 'refused':
        db.run(
          `UPDATE messages SET state = 'parked', ended_at = $now, begun = $before, tries = tries + 1, why = $why,
             refusal = $refusal WHERE id = $id`,
          { id, now, before, why: delivery.why, refusal: delivery.refusal },
        )
        break
    }
    return {}
  },
})

/** Replaces several waiting messages with a single message. */
const foldMessages = defineOperation({
  name: 'messages.fold',
  kind: 'write',
  input: z.object({ channel: ChannelName, ids: z.array(MessageId), notice: Notification }),
  output: z.object({}),
  run(db, { channel, ids, notice }, { now }) {
    for (const id of ids) {
      db.run(`UPDATE messages SET state = 'folded', ended_at = $now WHERE id = $id AND state = 'waiting'`, {
        id,
        now,
      })
    }
    queueMessage(db, channel, notice, now)
    return {}
  },
})

/** Makes refused messages wait to be sent again, because the channel may have been repaired. */
const unparkMessages = defineOperation({
  name: 'messages.unpark',
  kind: 'write',
  input: z.object({}),
  output: z.object({ count: z.int() }),
  run: db => ({
    count: db.run(
      `UPDATE messages SET state = 'waiting', ended_at = NULL, refusal = NULL WHERE state = 'parked'`,
      {},
    ),
  }),
})

const HealthRow = ChannelHealth.omit({ why: true, refusal: true })
const WhyRow = z.object({ why: z.string().nullable(), refusal: DeliveryRejection.nullable() })

/** Returns the state of each channel that has ever had a message. */
const overview = defineOperation({
  name: 'messages.overview',
  kind: 'read',
  input: z.object({}),
  output: z.array(ChannelHealth),
  run: db =>
    db
      .all(
        `SELECT channel, sum(state = 'waiting') AS waiting, sum(state = 'parked') AS parked, sum(state = 'sent') AS sent,
                max(CASE state WHEN 'sent' THEN ended_at END) AS lastSentAt
         FROM messages GROUP BY channel ORDER BY channel`,
      )
      .map(row => HealthRow.parse(row))
      .map(health => {
        // A parked message needs a person, so its reason is preferred to that of a waiting message.
        const row = db.one(
          `SELECT why, refusal FROM messages WHERE channel = $channel AND state IN ('parked', 'waiting') AND why IS NOT NULL
           ORDER BY state = 'parked' DESC, CASE state WHEN 'parked' THEN -id ELSE id END LIMIT 1`,
          { channel: health.channel },
        )
        return { ...health, ...WhyRow.parse(row ?? { why: null, refusal: null }) }
      }),
})

/** Returns the most recently sent messages of a channel, oldest first. */
const recentMessages = defineOperation({
  name: 'messages.recent',
  kind: 'read',
  input: z.object({ channel: ChannelName, limit: z.int().min(1).max(100) }),
  output: z.array(z.object({ id: MessageId, at: Instant, notice: Notification })),
  run: (db, { channel, limit }) =>
    db
      .all(
        `SELECT id, ended_at AS at, notice FROM messages WHERE channel = $channel AND state = 'sent' ORDER BY id DESC LIMIT $limit`,
        { channel, limit },
      )
      .flatMap(parseRows(RecentRow))
      .reverse(),
})
const RecentRow = z.object({ id: MessageId, at: Instant, notice: jsonText(Notification) })

/**
 * Removes messages that were sent or folded before a given time. Waiting and parked messages are
 * not removed.
 */
const tidyMessages = defineOperation({
  name: 'messages.tidy',
  kind: 'write',
  input: z.object({ before: Instant }),
  output: z.object({ removed: z.int() }),
  run: (db, { before }) => ({
    removed: db.run(`DELETE FROM messages WHERE state IN ('sent', 'folded') AND ended_at < $before`, {
      before,
    }),
  }),
})

export const messageOperations = {
  [lookAtChannel.name]: lookAtChannel,
  [beginMessage.name]: beginMessage,
  [endMessage.name]: endMessage,
  [foldMessages.name]: foldMessages,
  [unparkMessages.name]: unparkMessages,
  [overview.name]: overview,
  [recentMessages.name]: recentMessages,
  [tidyMessages.name]: tidyMessages,
}
