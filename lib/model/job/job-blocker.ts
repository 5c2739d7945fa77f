import type { AccountRef } from '../worker/account.ts'
import type { SchedulerDocument } from '../worker/documents.ts'
import type { DomainPause } from './domains.ts'
import type { Job } from './job.ts'
import type { WaitReason } from './wait-reason.ts'
import type { MissingWorkflow } from './missing-workflow.ts'

/** Reason why a job is not running now. Instants are in epoch ms. */
export type JobBlocker =
  /** No scheduler runs (`none`), or the running scheduler starts no job now. */
  | {
      readonly for: 'scheduler'
      readonly phase: 'none' | Exclude<SchedulerDocument['phase'], 'scheduling' | 'stopped'>
    }
  /** The running scheduler runs only the job of the command `run`. */
  | { readonly for: 'scope' }
  /** The job is parked, because the scheduler died too often while the job was running. */
  | { readonly for: 'retry-by-hand'; readonly deaths: number }
  /** The job's workflow cannot be loaded now. */
  | ({ readonly for: 'workflow' } & MissingWorkflow)
  /** Other jobs must end first. `jobs` lists those that have not ended. */
  | { readonly for: 'jobs'; readonly jobs: readonly Pick<Job, 'id' | 'state'>[] }
  /** The account is in use, by the job `jobId` if that is known. */
  | ({ readonly for: 'account'; readonly jobId: number | null } & AccountRef)
  /** The job is not due before `at`. `reason` is set if its start was deferred. */
  | { readonly for: 'due'; readonly at: number; readonly reason: WaitReason | null }
  /** A domain of the job has asked for a pause. */
  | ({ readonly for: 'pause' } & Pick<DomainPause, 'domain' | 'until' | 'status'>)
  /** As many jobs of the workflow are running as its `concurrency` allows. */
  | {
      readonly for: 'concurrency'
      readonly workflow: string
      readonly running: number
      readonly most: number
    }
  /** The limit `domainWorkers` leaves no room for the job's workers. */
  | { readonly for: 'domain'; readonly domain: string; readonly workers: number; readonly most: number }
  /**
   * The limit `proxyWorkers` leaves no room for the job's workers: `workers` of the `most` proxy
   * slots are in use.
   */
  | { readonly for: 'proxies'; readonly workers: number; readonly most: number }
  /** Fewer slots of the scheduler are free than the job needs. */
  | { readonly for: 'slots'; readonly taken: number; readonly slots: number; readonly needs: number }
