import type { Assignment, OutcomeDocument } from '../../../model/worker/documents.ts'
import type { StopReason } from '../../../model/job/outcome.ts'
import type { KillReason } from '../../decide/scheduler-view.ts'
import type { WorkerExit } from '../workers/worker-process.ts'

/** How the process of a worker ended that had a part of a job. */
export interface Ending {
  readonly assignment: Assignment
  readonly exit: WorkerExit
  readonly outputFile: string
  /** What Control had asked of the worker before it ended. */
  readonly stop: { readonly reason: StopReason; readonly askedAt: number } | null
  readonly killed: KillReason | null
  /** Outcome that the worker could not write, and sent. */
  readonly sent?: OutcomeDocument | undefined
}
