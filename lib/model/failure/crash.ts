import { z } from 'zod'
import { NotifiedBy } from './notified-marker.ts'
import { CrashDocument } from '../worker/documents.ts'

/** A stored crash report: the document and its number. */
export const CrashReport = CrashDocument.omit({ kind: true, version: true }).extend({
  id: z.int().positive(),
  /** The crash file's name, which makes the report unique. */
  file: z.string(),
  notifiedBy: NotifiedBy,
})
export type CrashReport = z.infer<typeof CrashReport>

/**
 * A row of the list of crashes. `cause` names its root cause; `frame` is the author's line of its
 * origin.
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
