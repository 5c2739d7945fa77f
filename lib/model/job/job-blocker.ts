import type { AccountRef } from '../worker/account.ts'
import type { SchedulerDocument } from '../worker/documents.ts'
import type { DomainPause } from './domains.ts'
import type { Job } from './job.ts'
import type { WaitReason } from './wait-reason.ts'
import type { MissingWorkflow } from './missing-workflow.ts'

/** One thing that keeps a job from its next attempt. Instants are in epoch ms. */
export type JobBlocker =
  /** No scheduler runs (`none`), or the one that does starts no job now. */
  | {
      readonly for: 'scheduler'
      readonly phase: 'none' | Exclude<SchedulerDocument['phase'], 'scheduling' | 'stopped'>
    }
  /** The scheduler that runs does the job of `run` alone. */
  | { readonly for: 'scope' }
  /** It is parked: so many schedulers died while it ran. */
  | { readonly for: 'retry-by-hand'; readonly deaths: number }
  /** Its workflow cannot be loaded now. */
  | ({ readonly for: 'workflow' } & MissingWorkflow)
  /** Those of the jobs that it comes after which have not ended. */
  | { readonly for: 'jobs'; readonly jobs: readonly Pick<Job, 'id' | 'state'>[] }
  /** The account is in use, by that job where one is known. */
  | ({ readonly for: 'account'; readonly jobId: number | null } & AccountRef)
  /** It is not due before; `reason` if it could not begin and was deferred. */
  | { readonly for: 'due'; readonly at: number; readonly reason: WaitReason | null }
  /** A domain that it visits has asked to be left alone. */
  | ({ readonly for: 'pause' } & Pick<DomainPause, 'domain' | 'until' | 'status'>)
  /** As many jobs of its workflow run as its `concurrency` allows. */
  | {
      readonly for: 'concurrency'
      readonly workflow: string
      readonly running: number
      readonly most: number
    }
  /** `domainWorkers` has no room for its workers. */
  | { readonly for: 'domain'; readonly domain: string; readonly workers: number; readonly most: number }
  /** `proxyWorkers` leaves no room for its workers: so many of those that all proxies together can take now use them. */
  | { readonly for: 'proxies'; readonly workers: number; readonly most: number }
  /** Fewer slots are free than it needs. */
  | { readonly for: 'slots'; readonly taken: number; readonly slots: number; readonly needs: number }
