import { z } from 'zod'
import { OutcomeDocument } from './documents.ts'
import { JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { StopReason } from '../job/outcome.ts'

/** An attempt at a job, which identifies late messages of an older attempt. */
export const AttemptRef = z.object({ jobId: JobId, attempt: z.int().positive() })
export type AttemptRef = z.infer<typeof AttemptRef>

/**
 * The messages of the fork channel. Data goes through files and the store instead, except an
 * outcome that no file takes, and secrets that become known while the worker lives and need not be
 * in a file.
 */
export const ToWorker = z.discriminatedUnion('type', [
  /** Stops only `job`, if it still runs. Without `job` the process ends too. */
  z.object({ type: z.literal('stop'), reason: StopReason, job: AttemptRef.optional() }),
  /** An assignment waits in the worker's file. */
  z.object({ type: z.literal('wake') }),
  /**
   * Control has taken over the notification of the reported crash, so the worker must not send it.
   */
  z.object({ type: z.literal('heard'), job: AttemptRef }),
  /** Texts that the worker must not write from now on. */
  z.object({ type: z.literal('secrets'), secrets: z.array(z.string()) }),
])
export type ToWorker = z.infer<typeof ToWorker>

export const FromWorker = z.discriminatedUnion('type', [
  /**
   * The browser is up and the job's modules are loaded, so the worker can take a job at once.
   * `build` is the worker's.
   */
  z.object({ type: z.literal('ready'), build: z.exactOptional(z.string()) }),
  /**
   * The job's outcome is on disk, and the worker can take another job. A worker that cannot exits
   * instead.
   */
  z.object({ type: z.literal('done'), job: AttemptRef }),
  /**
   * Outcome of a job that could not be written. The worker ends the job as if the outcome were on
   * disk.
   */
  z.object({ type: z.literal('outcome'), document: OutcomeDocument }),
  /** A crash report of this job is on disk. The receiver replies `heard` and notifies. */
  z.object({ type: z.literal('crashed'), job: AttemptRef }),
  /** Lines of one of its logs are lost from now on, for this reason. */
  z.object({ type: z.literal('log-failed'), message: z.string() }),
  /**
   * The job's outcome is on disk, and its browser is held open for a person until `until` at most.
   * The worker takes no other job.
   */
  z.object({ type: z.literal('kept'), job: AttemptRef, until: Instant }),
])
export type FromWorker = z.infer<typeof FromWorker>
