import type { z } from 'zod'
import { OutcomeDocument } from '../worker/documents.ts'

/** How one worker's part of one attempt went: its outcome, and its phases with their tries, steps and durations. */
export const MemberRecord = OutcomeDocument.omit({
  kind: true,
  version: true,
  workflow: true,
  // Of the worker, at this moment: it says nothing of the job.
  memoryBytes: true,
})
export type MemberRecord = z.infer<typeof MemberRecord>
