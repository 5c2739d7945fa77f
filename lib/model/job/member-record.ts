import type { z } from 'zod'
import { OutcomeDocument } from '../worker/documents.ts'

/**
 * Record of one worker's part of one attempt: its outcome, and its phases with their tries, steps
 * and durations.
 */
export const MemberRecord = OutcomeDocument.omit({
  kind: true,
  version: true,
  workflow: true,
  // These values describe the worker at one moment, not the job.
  memoryBytes: true,
})
export type MemberRecord = z.infer<typeof MemberRecord>
