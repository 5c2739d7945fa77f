import { z } from 'zod'
import { CrashDelivery } from '../../../model/notify/crash-delivery.ts'
import { CrashDocument } from '../../../model/worker/documents.ts'
import { JobId } from '../../../model/job/job.ts'
import { Notification } from '../../../model/notify/notification.ts'
import type { SingleNotification } from '../../../model/notify/notification.ts'
import { jsonText } from '../jobs/job-row.ts'
import { defineOperation } from '../define.ts'
import { parseRows } from '../parse-rows.ts'

/** Maximum number of messages that are searched, starting at the time of the crash. */
const MOST_MESSAGES = 500

const CrashRow = z.object({
  jobId: JobId,
  attempt: z.int(),
  member: z.int(),
  at: z.int(),
  noticed: z.int(),
  document: jsonText(CrashDocument),
})
const MessageRow = z.object({
  channel: z.string(),
  state: z.enum(['waiting', 'sent', 'parked']),
  endedAt: z.int().nullable(),
  notice: jsonText(Notification),
})

/**
 * Returns the deliveries of the messages that name a crash, oldest first. `noticed` is false until
 * the notifier has processed the crash.
 */
const crashTellings = defineOperation({
  name: 'crashes.deliveries',
  kind: 'read',
  input: z.object({ id: z.int().positive() }),
  output: z.object({ noticed: z.boolean(), deliveries: z.array(CrashDelivery) }),
  run(db, { id }) {
    const found = db.one(
      'SELECT job_id AS jobId, attempt, member, at, noticed, document FROM crashes WHERE id = $id',
      { id },
    )
    if (found === undefined) return { noticed: false, deliveries: [] }
    const crash = CrashRow.parse(found)
    const tellsOf = (notice: SingleNotification): boolean =>
      notice.kind === 'crash' &&
      (notice.crashId === id ||
        notice.places.some(
          ({ jobId, attempt, member }) =>
            jobId === crash.jobId && attempt === crash.attempt && member === crash.member,
        ))
    const deliveries = db
      .all(
        `SELECT channel, state, ended_at AS endedAt, notice FROM messages
         WHERE queued_at >= $at AND state IN ('waiting', 'sent', 'parked') ORDER BY id LIMIT ${MOST_MESSAGES}`,
        { at: crash.at },
      )
      .flatMap(parseRows(MessageRow))
      .filter(({ notice }) => (notice.kind === 'summary' ? notice.notices.some(tellsOf) : tellsOf(notice)))
      .map(({ channel, state, endedAt }) => ({ channel, state, at: endedAt }))
    return { noticed: crash.noticed === 1, deliveries }
  },
})

export const tellingOperations = { [crashTellings.name]: crashTellings }
