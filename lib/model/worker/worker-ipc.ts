import { z } from 'zod'
import { OutcomeDocument } from './documents.ts'
import { JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { StopReason } from '../job/outcome.ts'

/** An attempt at a job: what comes late, for an older one, is told by it. */
export const AttemptRef = z.object({ jobId: JobId, attempt: z.int().positive() })
export type AttemptRef = z.infer<typeof AttemptRef>

/**
 * What goes over the fork channel, and nothing else: data goes through files and the store, but for an outcome that no file takes,
 * and for secrets that become known while the worker lives, which need not lie in a file.
 */
export const ToWorker = z.discriminatedUnion('type', [
  /** With a job, only that ends, if it still runs; without one, the process does too. */
  z.object({ type: z.literal('stop'), reason: StopReason, job: AttemptRef.optional() }),
  /** An assignment waits in the worker's file. */
  z.object({ type: z.literal('wake') }),
  /** Control tells of the crash that the worker has said: the worker need not. */
  z.object({ type: z.literal('heard'), job: AttemptRef }),
  /** Texts that must not stand in what the worker writes from now on. */
  z.object({ type: z.literal('secrets'), secrets: z.array(z.string()) }),
])
export type ToWorker = z.infer<typeof ToWorker>

export const FromWorker = z.discriminatedUnion('type', [
  /** The browser is up and all that a job may need is loaded: it can take work at once. `build` is the worker's. */
  z.object({ type: z.literal('ready'), build: z.exactOptional(z.string()) }),
  /** The outcome of this job is on disk, and the worker can take another. One that cannot exits instead. */
  z.object({ type: z.literal('done'), job: AttemptRef }),
  /** The outcome of a job that could not be written. The worker ends the job as if it were on disk. */
  z.object({ type: z.literal('outcome'), document: OutcomeDocument }),
  /** A crash report of this job is on disk: whoever hears it answers `heard`, and tells of it. */
  z.object({ type: z.literal('crashed'), job: AttemptRef }),
  /** Lines of one of its logs are lost from now on, for this reason. */
  z.object({ type: z.literal('log-failed'), message: z.string() }),
  /** The outcome of this job is on disk, and its browser stays open for a person until then at most. The worker takes no other job. */
  z.object({ type: z.literal('kept'), job: AttemptRef, until: Instant }),
])
export type FromWorker = z.infer<typeof FromWorker>
