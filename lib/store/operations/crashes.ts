import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../domain/crash.ts'
import { CrashDocument } from '../../domain/documents.ts'
import { JobId } from '../../domain/job.ts'
import { jsonText } from './job-row.ts'
import { defineOperation } from './define.ts'
import { countLate, isLate } from './late-reports.ts'

const CrashId = z.int().positive()

const Row = z.object({ id: CrashId, file: z.string(), document: jsonText(CrashDocument) })

function toReport(row: unknown): CrashReport {
  const { id, file, document } = Row.parse(row)
  return { ...document, id, file }
}

/**
 * Keeps a crash report. One that is recorded again (same file name) stays one report. A failure that came after its attempt was over is `late`: it is counted, and no
 * report is kept of it.
 */
const recordCrash = defineOperation({
  name: 'crashes.record',
  kind: 'write',
  input: z.object({ file: z.string().min(1), document: CrashDocument }),
  output: z.discriminatedUnion('status', [
    z.object({ status: z.enum(['created', 'known']), id: CrashId }),
    z.object({ status: z.literal('late') }),
  ]),
  run(db, { file, document }) {
    const known = db.one('SELECT id FROM crashes WHERE file = $file', { file })
    if (known !== undefined) return { status: 'known' as const, id: CrashId.parse(known['id']) }
    if (isLate(db, document)) {
      countLate(db, document.jobId)
      return { status: 'late' as const }
    }
    const row = db.one(
      'INSERT INTO crashes (file, at, job_id, document) VALUES ($file, $at, $jobId, $document) RETURNING id',
      { file, at: document.at, jobId: document.jobId, document: JSON.stringify(document) },
    )
    return { status: 'created' as const, id: CrashId.parse(row?.['id']) }
  },
})

/** Newest first. */
const listCrashes = defineOperation({
  name: 'crashes.list',
  kind: 'read',
  input: z.object({ jobId: JobId.optional(), limit: z.int().min(1).max(1_000).default(100) }),
  output: z.array(CrashSummary),
  run(db, { jobId, limit }) {
    const filter = jobId === undefined ? '' : 'WHERE job_id = $jobId'
    return db
      .all(`SELECT id, file, document FROM crashes ${filter} ORDER BY id DESC LIMIT $limit`, {
        limit,
        ...(jobId === undefined ? {} : { jobId }),
      })
      .map(toReport)
      .map(report => ({
        ...report,
        errorName: report.error.name,
        errorCode: report.error.code,
        message: report.error.message,
      }))
  },
})

const readCrash = defineOperation({
  name: 'crashes.read',
  kind: 'read',
  input: z.object({ id: CrashId }),
  output: CrashReport.nullable(),
  run(db, { id }) {
    const row = db.one('SELECT id, file, document FROM crashes WHERE id = $id', { id })
    return row === undefined ? null : toReport(row)
  },
})

export const crashOperations = {
  [recordCrash.name]: recordCrash,
  [listCrashes.name]: listCrashes,
  [readCrash.name]: readCrash,
}
