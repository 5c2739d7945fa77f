import { z } from 'zod'
import { rootCauseOf } from '../../../model/failure/root-cause.ts'
import { isExpiredSavedLogin, isRefusedByOperator } from '../../../model/notify/alarm.ts'
import { FailureGroup, Failure, JobStanding } from '../../../model/failure/failure-group.ts'
import { ChannelName, NotifiedBy } from '../../../model/failure/notified-marker.ts'
import { CrashDocument } from '../../../model/worker/documents.ts'
import { ErrorRecord } from '../../../model/failure/error-record.ts'
import { Notification } from '../../../model/notify/notification.ts'
import { formatPhase } from '../../../model/job/phase.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'
import { jsonText } from '../jobs/job-row.ts'
import { parseRows } from '../parse-rows.ts'

const KeyedFailure = Failure.extend({
  key: z.string(),
  frame: z.string().nullable(),
  alarm: z.enum(['always', 'if-final', 'never']),
})
type KeyedFailure = z.infer<typeof KeyedFailure>

const CauseRow = z.object({ document: jsonText(FailureGroup), healedAt: z.int().nullable() })
const StandingRow = JobStanding.extend({ error: jsonText(ErrorRecord).nullable() })
const CrashRow = z.object({
  id: z.int(),
  document: jsonText(CrashDocument),
  notified_by: jsonText(NotifiedBy),
})

/** Maximum number of failures in a reply. The failures of a whole night may take several calls. */
const MOST_FAILURES = 200

/** Marks the failure groups of a job's workflow as healed, because the job has succeeded. */
export function resolveGroups(db: Database, jobId: number, now: number): void {
  db.run(
    'UPDATE crash_causes SET healed_at = $now WHERE workflow = (SELECT workflow FROM jobs WHERE id = $jobId)',
    { jobId, now },
  )
}

/**
 * Marks the failure groups of a job's workflow as open again, because the job has finally failed.
 */
export function reopenGroups(db: Database, jobId: number): void {
  db.run(
    'UPDATE crash_causes SET healed_at = NULL WHERE workflow = (SELECT workflow FROM jobs WHERE id = $jobId)',
    { jobId },
  )
}

/**
 * Returns the facts that decide about notices: all failure groups, and the crashes that were not
 * processed yet, oldest first.
 */
const readNews = defineOperation({
  name: 'notices.news',
  kind: 'read',
  input: z.object({}),
  output: z.object({
    causes: z.array(z.object({ cause: FailureGroup, healedAt: z.int().nullable() })),
    failures: z.array(KeyedFailure),
    jobs: z.array(JobStanding),
  }),
  run(db) {
    const causes = db
      .all('SELECT document, healed_at AS healedAt FROM crash_causes')
      .flatMap(parseRows(CauseRow))
      .map(({ document, healedAt }) => ({
        cause: document,
        healedAt: isSince(healedAt, document) ? healedAt : null,
      }))
    const failures = db
      .all(
        `SELECT id, document, notified_by FROM crashes WHERE noticed = 0 ORDER BY id LIMIT ${MOST_FAILURES}`,
      )
      .flatMap(parseRows(CrashRow))
      .map(toFailure)
    return { causes, failures, jobs: standingsOf(db, causes, failures) }
  },
})

function standingsOf(
  db: Database,
  causes: readonly { readonly cause: FailureGroup }[],
  failures: readonly Failure[],
): JobStanding[] {
  const pending = [...failures, ...causes.flatMap(({ cause }) => cause.pending)].map(
    ({ place }) => place.jobId,
  )
  const ids = new Set([...pending, ...causes.flatMap(({ cause }) => cause.watched)])
  return db
    .all(
      'SELECT id, state, attempt, failures, retries, error FROM jobs WHERE id IN (SELECT value FROM json_each($ids))',
      { ids: JSON.stringify([...ids]) },
    )
    .flatMap(parseRows(StandingRow))
}

function isSince(healedAt: number | null, { last, reportedAt }: FailureGroup): boolean {
  return healedAt !== null && healedAt >= Math.max(last, reportedAt)
}

function toFailure({ id, document, notified_by: notifiedBy }: z.infer<typeof CrashRow>): KeyedFailure {
  const { workerId, jobId, attempt, member, members, workflow, error, phase, at, artefacts } = document
  return {
    ...rootCauseOf(document),
    crashId: id,
    at,
    place: {
      ...{ workerId, jobId, attempt, member, members, workflow },
      phase: phase === null ? '' : formatPhase(phase),
    },
    error: { name: error.name, code: error.code, message: error.message },
    screenshot: artefacts.find(({ kind }) => kind === 'screenshots')?.path ?? null,
    notifiedBy,
    alarm: isRefusedByOperator(error) ? 'never' : isExpiredSavedLogin(error) ? 'if-final' : 'always',
  }
}

/**
 * Stores a decision about notices atomically: which crashes were processed, the current state of
 * the failure groups, and the messages to send.
 */
const settleNotices = defineOperation({
  name: 'notices.settle',
  kind: 'write',
  input: z.object({
    noticed: z.array(z.int()),
    changed: z.array(FailureGroup),
    forgotten: z.array(z.string()),
    notices: z.array(z.object({ channel: ChannelName, notice: Notification })),
  }),
  output: z.object({}),
  run(db, { noticed, changed, forgotten, notices }, { now }) {
    for (const id of noticed) db.run('UPDATE crashes SET noticed = 1 WHERE id = $id', { id })
    for (const cause of changed) {
      db.run(
        `INSERT INTO crash_causes (key, workflow, document) VALUES ($key, $workflow, $document)
         ON CONFLICT (key) DO UPDATE SET workflow = excluded.workflow, document = excluded.document`,
        { key: cause.key, workflow: cause.workflow, document: JSON.stringify(cause) },
      )
    }
    for (const key of forgotten) db.run('DELETE FROM crash_causes WHERE key = $key', { key })
    for (const { channel, notice } of notices) queueMessage(db, channel, notice, now)
    return {}
  },
})

/** Queues a notification about something other than a crash. */
const tellNotice = defineOperation({
  name: 'notices.tell',
  kind: 'write',
  input: z.object({ channels: z.array(ChannelName), notice: Notification }),
  output: z.object({}),
  run(db, { channels, notice }, { now }) {
    for (const channel of channels) queueMessage(db, channel, notice, now)
    return {}
  },
})

export function queueMessage(db: Database, channel: ChannelName, notice: Notification, now: number): void {
  db.run('INSERT INTO messages (channel, notice, queued_at) VALUES ($channel, $notice, $now)', {
    channel,
    notice: JSON.stringify(notice),
    now,
  })
}

export const noticeOperations = {
  [readNews.name]: readNews,
  [settleNotices.name]: settleNotices,
  [tellNotice.name]: tellNotice,
}
