import type { SchedulerDocument, ServiceDocument, WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { JobState } from '../../lib/model/job/job.ts'
import type { WaitReason } from '../../lib/model/job/wait-reason.ts'
import type { Notification } from '../../lib/model/notify/notification.ts'
import type { PhaseRecord } from '../../lib/model/job/phase.ts'
import type { ScheduleRun } from '../../lib/model/schedule/schedule.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'

/** A change between two snapshots, reported as one line to a reader without a screen. */
export type PlainEvent =
  | {
      readonly event: 'scheduler'
      readonly at: number
      readonly phase: SchedulerDocument['phase']
      readonly slots: number
    }
  | {
      readonly event: 'draining'
      readonly at: number
      /** Number of jobs that are still running. */
      readonly running: number
      readonly until: number
    }
  | {
      readonly event: 'workflow.broken'
      readonly at: number
      readonly file: string
      readonly message: string
    }
  | { readonly event: 'domains.more'; readonly at: number; readonly count: number }
  | {
      readonly event: 'domain.waits'
      readonly at: number
      readonly domain: string
      readonly status: number
      readonly until: number
    }
  | {
      readonly event: 'service'
      readonly at: number
      readonly name: string
      readonly state: ServiceDocument['actual']
      readonly message: string
      readonly doing: ServiceDocument['doing']
      readonly restart?: NonNullable<ServiceDocument['restart']>
    }
  | {
      readonly event: 'job'
      readonly at: number
      readonly job: number
      readonly workflow: string
      readonly state: JobState
      readonly attempt: number
      /** Message of the job's error; empty if there is none. */
      readonly message: string
      /** Reason why the job waits for another job, an account or a proxy; null if it does not. */
      readonly waitReason: WaitReason | null
    }
  | {
      readonly event: 'job.priority'
      readonly at: number
      readonly job: number
      readonly workflow: string
      readonly priority: number
    }
  | ({ readonly event: 'phase.started'; readonly phase: string } & WorkerPlace)
  | ({
      readonly event: 'phase.ended'
      readonly phase: string
      readonly status: PhaseRecord['status']
      readonly ms: number
    } & WorkerPlace)
  | ({ readonly event: 'worker.waits'; readonly waiting: WorkerWait } & WorkerPlace)
  | ({
      readonly event: 'worker.kept'
      readonly until: number
      readonly devtools: string | null
    } & WorkerPlace)
  | ({
      readonly event: 'worker.ended'
      readonly outcome: NonNullable<WorkerDocument['outcome']>
    } & WorkerPlace)
  | {
      readonly event: 'crash'
      readonly at: number
      readonly crash: number
      readonly job: number
      readonly worker: string
      readonly phase: string
      readonly error: string
      readonly message: string
    }
  | {
      readonly event: 'schedule'
      readonly at: number
      readonly schedule: string
      readonly outcome: ScheduleRun['outcome']
      readonly reason: ScheduleRun['reason']
      readonly job: number | null
      /** Time at which the run was due; null if a person requested the run. */
      readonly due: number | null
      readonly missed: number
    }
  | {
      readonly event: 'idle'
      readonly at: number
      /** Number of jobs that have ended since the start, and of failed jobs among them. */
      readonly ended: number
      readonly failed: number
      /** Number of jobs that have not ended and cannot be started; absent if there are none. */
      readonly left?: number
    }
  | { readonly event: 'notice'; readonly at: number; readonly notice: Notification }

/** The worker that an event is about, with its job. */
interface WorkerPlace {
  readonly at: number
  readonly job: number
  readonly worker: string
  readonly member: number
  readonly members: number
}
