import { z } from 'zod'
import { NotifiedBy } from './notified-marker.ts'
import { CrashDocument } from '../worker/documents.ts'

/** A stored crash report: the document and its number. */
export const CrashReport = CrashDocument.omit({ kind: true, version: true }).extend({
  id: z.int().positive(),
  /** Name of the crash file. It is unique, so a report is stored only once. */
  file: z.string(),
  notifiedBy: NotifiedBy,
})
export type CrashReport = z.infer<typeof CrashReport>

/**
 * A row of the list of crashes. `cause` is the key of the crash's root cause. `frame` is the line
 * of the author's code in which the error began.
 */
export const CrashSummary = CrashReport.pick({
  id: true,
  at: true,
  jobId: true,
  attempt: true,
  member: true,
  workerId: true,
  workflow: true,
  phase: true,
  artefacts: true,
}).extend({
  errorName: z.string(),
  errorCode: z.string(),
  message: z.string(),
  cause: z.string(),
  frame: z.string().nullable(),
})
export type CrashSummary = z.infer<typeof CrashSummary>
