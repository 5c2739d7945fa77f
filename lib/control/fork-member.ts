import type { Clock } from '../core/clock.ts'
import { newId, newProfileName } from '../core/ids.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { Assignment, LaunchProfile } from '../domain/documents.ts'
import type { ClaimedJob } from '../domain/job.ts'
import type { TraceOrder } from '../domain/trace-order.ts'
import type { WorkflowDescription } from '../domain/workflow.ts'
import { LiveMember } from './live-run.ts'
import { neverStarted } from './worker-process.ts'
import type { WorkerLauncher, WorkerProcess } from './worker-process.ts'

/** How long a phase gets to end after its signal was aborted, before its page is closed under it. */
const ABORT_GRACE_MS = 2_000

export interface ForkDependencies {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly launch: LaunchProfile
  readonly trace: TraceOrder
  readonly launchWorker: WorkerLauncher
}

/** Starts worker `member` of the `members` of a claimed job. Never throws: a worker that cannot be started has exited already. */
export function forkMember(
  { paths, clock, launch, trace, launchWorker }: ForkDependencies,
  job: ClaimedJob,
  workflow: WorkflowDescription,
  member: number,
  members: number,
): LiveMember {
  const now = clock.now()
  const assignment: Assignment = {
    kind: 'assignment',
    version: 1,
    workerId: `w${newId(now)}`,
    jobId: job.id,
    attempt: job.attempt,
    member,
    members,
    workflow: workflow.name,
    file: workflow.file,
    root: paths.root,
    input: job.input,
    ...(workflow.recovery === undefined ? {} : { recovery: workflow.recovery }),
    launch,
    profile: newProfileName(),
    abortGraceMs: ABORT_GRACE_MS,
    trace,
  }
  return new LiveMember(assignment, started(launchWorker, assignment), now)
}

function started(launchWorker: WorkerLauncher, assignment: Assignment): WorkerProcess {
  try {
    return launchWorker(assignment)
  } catch (error) {
    return neverStarted(error)
  }
}
