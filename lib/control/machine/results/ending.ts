import type { Assignment, OutcomeDocument } from '../../../model/worker/documents.ts'
import type { StopReason } from '../../../model/job/outcome.ts'
import type { KillReason } from '../../decide/scheduler-view.ts'
import type { WorkerExit } from '../workers/worker-process.ts'

/** Facts about the end of a worker's process, or of its part of a job. */
export interface Ending {
  readonly assignment: Assignment
  readonly exit: WorkerExit
  readonly outputFile: string
  /** Request to stop that was sent to the worker before the end; null if there was none. */
  readonly stop: { readonly reason: StopReason; readonly askedAt: number } | null
  readonly killed: KillReason | null
  /** Outcome that the worker sent as a message because it could not write it to disk. */
  readonly sent?: OutcomeDocument | undefined
}
