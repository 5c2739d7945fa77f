import { z } from 'zod'
import { OutcomeDocument } from './documents.ts'
import { JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { StopReason } from '../job/outcome.ts'

/**
 * Identifies an attempt at a job, so that late messages from an older attempt can be recognised.
 */
export const AttemptRef = z.object({ jobId: JobId, attempt: z.int().positive() })
export type AttemptRef = z.infer<typeof AttemptRef>

/**
 * Messages from Control to a worker, over the channel of the fork. Data is passed in files and in
 * the store instead, except an outcome that could not be written to a file, and secrets that become
 * known while the worker runs and do not have to be in a file.
 */
export const ToWorker = z.discriminatedUnion('type', [
  /** Stops `job` if it still runs. Without `job`, the process ends too. */
  z.object({ type: z.literal('stop'), reason: StopReason, job: AttemptRef.optional() }),
  /** An assignment waits in the worker's file. */
  z.object({ type: z.literal('wake') }),
  /**
   * Control notifies people of the crash that the worker has reported, so the worker must not do
   * so.
   */
  z.object({ type: z.literal('heard'), job: AttemptRef }),
  /** Texts that the worker must not write into any file from now on. */
  z.object({ type: z.literal('secrets'), secrets: z.array(z.string()) }),
])
export type ToWorker = z.infer<typeof ToWorker>

export const FromWorker = z.discriminatedUnion('type', [
  /**
   * The browser runs and the modules for jobs are loaded, so the worker can begin a job at once.
   * `build` is the worker's build.
   */
  z.object({ type: z.literal('ready'), build: z.exactOptional(z.string()) }),
  /**
   * The outcome of the job is on disk, and the worker can take another job. If a worker cannot take
   * another job, it exits and does not send this.
   */
  z.object({ type: z.literal('done'), job: AttemptRef }),
  /**
   * The outcome of the job could not be written to disk, so it is sent. The worker then continues
   * as if the outcome were on disk.
   */
  z.object({ type: z.literal('outcome'), document: OutcomeDocument }),
  /** A crash report of this job is on disk. The receiver replies `heard` and notifies people. */
  z.object({ type: z.literal('crashed'), job: AttemptRef }),
  /** From now on, lines of one of the worker's logs are lost. `message` is the reason. */
  z.object({ type: z.literal('log-failed'), message: z.string() }),
  /**
   * The outcome of the job is on disk, and the browser is held open for a person, no longer than
   * `until`. The worker takes no other job.
   */
  z.object({ type: z.literal('kept'), job: AttemptRef, until: Instant }),
])
export type FromWorker = z.infer<typeof FromWorker>
