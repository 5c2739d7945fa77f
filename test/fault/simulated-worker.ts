import type { MemberView } from '../../lib/control/decide/attempt-view.ts'
import type { WorkerView, Binding } from '../../lib/control/decide/worker-view.ts'

type Changeable<T> = { -readonly [K in keyof T]: T[K] }

/** Member in the simulation, with its worker. */
export interface SimulatedMember extends Changeable<MemberView> {
  readonly jobId: number
  readonly attempt: number
  worker: SimulatedWorker
  /**
   * False if an existing worker got the member. If that worker dies first, another one gets the
   * member.
   */
  readonly cold: boolean
}

/** Worker process in the simulation. */
export interface SimulatedWorker extends Changeable<WorkerView> {
  /** True while its process lives. */
  alive: boolean
  member: SimulatedMember | null
}

export function simulatedWorker(workerId: string, now: number): SimulatedWorker {
  return {
    workerId,
    launchKey: 'key',
    forkedAt: now,
    ready: false,
    serves: null,
    idleSince: now,
    jobs: 0,
    memoryBytes: 0,
    stale: false,
    stoppingAt: null,
    killedAt: null,
    keptUntil: null,
    alive: true,
    member: null,
  }
}

/** Gives a member to a worker, as the pool does. */
export function employ(
  worker: SimulatedWorker,
  serves: Binding,
  part: { jobId: number; attempt: number; member: number },
  now: number,
): SimulatedMember {
  if (worker.member !== null) throw new Error(`${worker.workerId} gets a second job`)
  if (worker.stoppingAt !== null || worker.killedAt !== null) {
    throw new Error(`${worker.workerId} is given a job on its way out`)
  }
  if (worker.serves?.isolation === 'process') throw new Error(`${worker.workerId} is used twice`)
  const cold = worker.forkedAt === now && worker.jobs === 0 && !worker.ready
  const member: SimulatedMember = {
    workerId: worker.workerId,
    ...part,
    assignedAt: now,
    ready: worker.ready,
    seenAt: null,
    mustAnswerAt: null,
    reprievedAt: null,
    stop: null,
    killedAt: null,
    domain: null,
    outcome: null,
    worker,
    cold,
  }
  Object.assign(worker, { member, serves, idleSince: null, jobs: worker.jobs + 1 })
  return member
}
