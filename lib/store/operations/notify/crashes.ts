import { z } from 'zod'
import { rootCauseOf } from '../../../model/failure/root-cause.ts'
import { CrashReport, CrashSummary } from '../../../model/failure/crash.ts'
import { NOT_NOTIFIED, NotifiedBy } from '../../../model/failure/notified-marker.ts'
import { CrashDocument } from '../../../model/worker/documents.ts'
import { JobId } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { jsonText } from '../jobs/job-row.ts'
import { defineOperation } from '../define.ts'
import { standingOf } from '../coordination/known-attempts.ts'
import { countLate, isLate } from './late-reports.ts'
import { parseRows } from '../parse-rows.ts'

const CrashId = z.int().positive()

export const CRASH_COLUMNS = 'id, file, document, notified_by'

/** A row of the table `crashes`. */
export const CrashRow = z.object({
  id: CrashId,
  file: z.string(),
  document: jsonText(CrashDocument),
  notified_by: jsonText(NotifiedBy),
})

function toReport({ id, file, document, notified_by: notifiedBy }: z.infer<typeof CrashRow>): CrashReport {
  return { ...document, id, file, notifiedBy }
}

const NewCrash = z.object({
  file: z.string().min(1),
  document: CrashDocument,
  notifiedBy: NotifiedBy.default(NOT_NOTIFIED),
})
const Stored = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['created', 'known']), id: CrashId }),
  z.object({ status: z.enum(['late', 'foreign']) }),
])

/**
 * Stores a crash report. Each worker's share of an attempt has at most one report, so a second one
 * changes nothing. If another report already uses the file name, the name is changed. A failure
 * from after the end of its attempt is `late`. The failure is counted, but its
 * report is not stored.
 */
export function storeCrash(
  db: Database,
  { file, document, notifiedBy }: z.output<typeof NewCrash>,
): z.infer<typeof Stored> {
  const { at, jobId, attempt, member, workerId } = document
  const part = { jobId, attempt, member }
  const known = db.one(
    'SELECT id FROM crashes WHERE job_id = $jobId AND attempt = $attempt AND member = $member',
    part,
  )
  if (known !== undefined) return { status: 'known', id: CrashId.parse(known['id']) }
  if (isLate(db, document)) {
    countLate(db, document.jobId)
    return { status: 'late' }
  }
  const taken = db.one('SELECT 1 FROM crashes WHERE file = $file', { file }) !== undefined
  const row = db.one(
    `INSERT INTO crashes (file, at, job_id, attempt, member, document, notified_by)
     VALUES ($file, $at, $jobId, $attempt, $member, $document, $notifiedBy) RETURNING id`,
    {
      ...part,
      file: taken ? file.replace(/(\.json)?$/, `_${workerId}_${attempt}.json`) : file,
      at,
      document: JSON.stringify(document),
      notifiedBy: JSON.stringify(notifiedBy),
    },
  )
  return { status: 'created', id: CrashId.parse(row?.['id']) }
}

/**
 * Stores a crash report as `storeCrash` does. A report about an attempt that the database has not
 * begun is `foreign` and is not stored (see `standingOf`).
 */
const recordCrash = defineOperation({
  name: 'crashes.record',
  kind: 'write',
  input: NewCrash,
  output: Stored,
  run: (db, crash) =>
    standingOf(db, crash.document) === 'foreign' ? { status: 'foreign' as const } : storeCrash(db, crash),
})

/** Returns crash reports, newest first. */
const listCrashes = defineOperation({
  name: 'crashes.list',
  kind: 'read',
  input: z.object({
    jobId: JobId.optional(),
    beforeId: CrashId.optional(),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.array(CrashSummary),
  run(db, { jobId, beforeId, limit }) {
    const ofJob = jobId === undefined ? '' : 'AND job_id = $jobId'
    return db
      .all(`SELECT ${CRASH_COLUMNS} FROM crashes WHERE id < $before ${ofJob} ORDER BY id DESC LIMIT $limit`, {
        before: beforeId ?? Number.MAX_SAFE_INTEGER,
        limit,
        ...(jobId === undefined ? {} : { jobId }),
      })
      .flatMap(parseRows(CrashRow))
      .map(toReport)
      .map(report => ({ report, cause: rootCauseOf(report) }))
      .map(({ report, cause }) => ({
        ...report,
        errorName: report.error.name,
        errorCode: report.error.code,
        message: report.error.message,
        cause: cause.key,
        frame: cause.frame,
      }))
  },
})

const readCrash = defineOperation({
  name: 'crashes.read',
  kind: 'read',
  input: z.object({ id: CrashId }),
  output: CrashReport.nullable(),
  run(db, { id }) {
    const row = db.one(`SELECT ${CRASH_COLUMNS} FROM crashes WHERE id = $id`, { id })
    return row === undefined ? null : toReport(CrashRow.parse(row))
  },
})

export const crashOperations = {
  [recordCrash.name]: recordCrash,
  [listCrashes.name]: listCrashes,
  [readCrash.name]: readCrash,
}
