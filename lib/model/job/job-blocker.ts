import type { AccountRef } from '../worker/account.ts'
import type { SchedulerDocument } from '../worker/documents.ts'
import type { DomainPause } from './domains.ts'
import type { Job } from './job.ts'
import type { WaitReason } from './wait-reason.ts'
import type { MissingWorkflow } from './missing-workflow.ts'

/** A reason that keeps a job from its next attempt. Instants are in epoch ms. */
export type JobBlocker =
  /** No scheduler runs (`none`), or the running scheduler starts no job now. */
  | {
      readonly for: 'scheduler'
      readonly phase: 'none' | Exclude<SchedulerDocument['phase'], 'scheduling' | 'stopped'>
    }
  /** The running scheduler does only the job of `run`. */
  | { readonly for: 'scope' }
  /** The job is parked, because too many schedulers died while running it. */
  | { readonly for: 'retry-by-hand'; readonly deaths: number }
  /** Its workflow cannot be loaded now. */
  | ({ readonly for: 'workflow' } & MissingWorkflow)
  /** Dependencies of the job that have not ended. */
  | { readonly for: 'jobs'; readonly jobs: readonly Pick<Job, 'id' | 'state'>[] }
  /** The account is in use, by the job with `jobId` if known. */
  | ({ readonly for: 'account'; readonly jobId: number | null } & AccountRef)
  /** The job is not due before `at`. `reason` is set if its start was deferred. */
  | { readonly for: 'due'; readonly at: number; readonly reason: WaitReason | null }
  /** A domain of the job asked for a pause. */
  | ({ readonly for: 'pause' } & Pick<DomainPause, 'domain' | 'until' | 'status'>)
  /** The workflow's `concurrency` is fully used. */
  | {
      readonly for: 'concurrency'
      readonly workflow: string
      readonly running: number
      readonly most: number
    }
  /** `domainWorkers` has no room for its workers. */
  | { readonly for: 'domain'; readonly domain: string; readonly workers: number; readonly most: number }
  /**
   * `proxyWorkers` leaves no room for its workers: `workers` of the `most` proxy slots are in use.
   */
  | { readonly for: 'proxies'; readonly workers: number; readonly most: number }
  /** Fewer slots are free than the job needs. */
  | { readonly for: 'slots'; readonly taken: number; readonly slots: number; readonly needs: number }
