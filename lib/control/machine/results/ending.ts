import type { Assignment, OutcomeDocument } from '../../../model/worker/documents.ts'
import type { StopReason } from '../../../model/job/outcome.ts'
import type { KillReason } from '../../decide/scheduler-view.ts'
import type { WorkerExit } from '../workers/worker-process.ts'

/** End of the process of a worker that had a part of a job. */
export interface Ending {
  readonly assignment: Assignment
  readonly exit: WorkerExit
  readonly outputFile: string
  /** Request to stop that Control had sent before the end. */
  readonly stop: { readonly reason: StopReason; readonly askedAt: number } | null
  readonly killed: KillReason | null
  /** Outcome that the worker sent because it could not write it. */
  readonly sent?: OutcomeDocument | undefined
}
