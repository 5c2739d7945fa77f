import { decide } from '../../lib/control/decide/decide.ts'
import { chooseWorker } from '../../lib/control/decide/worker-view.ts'
import type { Requirements } from '../../lib/control/decide/worker-view.ts'
import { workersOf } from '../../lib/control/decide/concurrency.ts'
import type { ClaimLimits } from '../../lib/control/decide/concurrency.ts'
import type { Action, Mode, SchedulerView } from '../../lib/control/decide/scheduler-view.ts'
import { settle } from '../../lib/control/decide/settle.ts'
import { JOB_TRANSITIONS } from '../../lib/model/job/job.ts'
import type { Job, JobState } from '../../lib/model/job/job.ts'
import type { Outcome } from '../../lib/model/job/outcome.ts'
import { ISOLATION_LEVELS } from '../../lib/model/job/workflow.ts'
import { job as newJob } from '../helpers/builders/attempt.ts'
import { cancelledWith, mustNotWait } from './simulated-dependencies.ts'
import { isClaimable, queueOf, queuedAgain } from './simulated-queue.ts'
import { employ, simulatedWorker } from './simulated-worker.ts'
import { PlainCounts, checkLimits, drawLimits } from './simulated-limits.ts'
import { checkEnd, drawSwarm } from './simulated-swarm.ts'
import type { SimulatedMember, SimulatedWorker } from './simulated-worker.ts'

interface SimulatedRun {
  readonly job: Job
  readonly members: SimulatedMember[]
  best: { result: number; targetMet: boolean } | null
  cancelRequested: boolean
  readonly refusal: null
  readonly quorum: number
  readonly deadlineAt: number | null
  readonly deadlineMs: number | null
  readonly proxies: null
}

const DEATHS_BEFORE_PARKED = 3
const RECYCLE = { jobs: 3, bytes: 1_000 }
const NEEDS: ReadonlyMap<string, Requirements> = new Map(
  ISOLATION_LEVELS.map(isolation => [isolation, { workflow: isolation, isolation, launchKey: 'key' }]),
)

/**
 * In-memory store, processes and orchestrator, as small as `decide` and `settle` need. They keep
 * the promises of the real ones, and every step checks the rules that must always hold.
 */
export class SchedulerWorld {
  now = 1_000
  /** Total of the wall clock's jumps. */
  private jumped = 0
  mode: Mode = 'scheduling'
  writableSince: number | null = 0
  readonly slots: number
  readonly jobs = new Map<number, Job>()
  readonly runs = new Map<number, SimulatedRun>()
  processes: SimulatedWorker[] = []
  warmAfter = 0
  readonly warm: number
  private readonly random: () => number
  private workers = 0
  /** Jobs that were due at the last decision, in the order of the queue. */
  private line: readonly number[] = []
  /** Number of jobs that the store returns for each lane; null for all queued jobs. */
  private readonly each: number | null
  private counts: PlainCounts
  limits: ClaimLimits

  constructor(slots: number, warm: number, random: () => number) {
    this.slots = slots
    this.warm = warm
    this.random = random
    this.each = random() < 0.5 ? slots + 1 : null
    this.limits = drawLimits(random)
    this.counts = new PlainCounts(this.limits, [])
  }

  get monotonic(): number {
    return this.now - this.jumped
  }

  /** Jumps the wall clock, as a suspended machine or a correction does. */
  jump(ms: number): void {
    const now = Math.max(1, this.now + ms)
    this.jumped += now - this.now
    this.now = now
  }

  enqueue(change: Partial<Job>): void {
    const id = this.jobs.size + 1
    this.jobs.set(id, newJob({ ...change, id, state: 'queued', attempt: 0 }))
  }

  /** Returns the processes that have not exited. */
  living(): SimulatedWorker[] {
    this.processes = this.processes.filter(({ alive }) => alive)
    return this.processes
  }

  /** Returns the members that have not ended. */
  busy(): SimulatedMember[] {
    return this.living().flatMap(({ member }) => (member === null ? [] : [member]))
  }

  /**
   * Takes one turn as the orchestrator does: decides and performs until there is nothing to do.
   * Returns the time of the next wake-up.
   */
  turn(): number | null {
    for (let rounds = 0; rounds < 1_000; rounds++) {
      const { actions, wakeAt } = decide(this.view(), this)
      if (actions.length === 0) return wakeAt
      for (const action of actions) this.perform(action)
      this.check()
    }
    throw new Error('the scheduler never comes to rest')
  }

  /** Ends a job in a worker that continues with others, or has to exit. */
  done(member: SimulatedMember, outcome: Outcome, memoryBytes: number): void {
    const { worker } = member
    this.end(member, outcome)
    if (worker.serves?.isolation === 'process') Object.assign(worker, { member: null, alive: false })
    else Object.assign(worker, { member: null, idleSince: this.monotonic, memoryBytes })
  }

  /** Ends a process. Its unstarted assignment goes to another worker. */
  exit(worker: SimulatedWorker, outcome: Outcome): void {
    const { member } = worker
    worker.alive = false
    worker.member = null
    if (member === null) {
      if (worker.stoppingAt === null) this.warmAfter = this.monotonic + 1_000
    } else if (member.seenAt === null && !member.cold && member.stop === null) this.employAgain(member)
    else this.end(member, outcome)
  }

  private end(member: SimulatedMember, outcome: Outcome): void {
    const reason = outcome.status === 'succeeded' ? undefined : member.stop?.reason
    member.outcome = reason === undefined ? outcome : { status: 'cancelled', reason, phase: null }
  }

  private employAgain(member: SimulatedMember): void {
    const members = this.runs.get(member.jobId)?.members ?? []
    const place = members.indexOf(member)
    const job = this.jobs.get(member.jobId)
    if (place === -1 || job === undefined) throw new Error('a member without a run is to be run again')
    members[place] = this.employ(job, member.member)
  }

  private employ(job: Job, member: number): SimulatedMember {
    const need = NEEDS.get(job.workflow) ?? { workflow: job.workflow, isolation: 'process', launchKey: '' }
    const chosen = chooseWorker(this.living(), need, RECYCLE)
    const worker = chosen ?? this.fork()
    return employ(worker, need, { jobId: job.id, attempt: job.attempt, member }, this.monotonic)
  }

  private fork(): SimulatedWorker {
    const worker = simulatedWorker(`w${++this.workers}`, this.monotonic)
    this.processes.push(worker)
    return worker
  }

  cancel(id: number): void {
    const job = this.jobs.get(id)
    if (job === undefined || ['succeeded', 'failed', 'cancelled'].includes(job.state)) return
    if (job.state === 'running') this.jobs.set(id, { ...job, cancelRequestedAt: this.now })
    else this.move(id, 'cancelled')
    const run = this.runs.get(id)
    if (run !== undefined) run.cancelRequested = true
  }

  /**
   * Queues a job again for the operator if it has failed, is parked or was cancelled, or skips the
   * wait for its retry.
   */
  retry(id: number): void {
    const change = queuedAgain(this.jobs.get(id), this.jobs, this.now)
    if (change !== null) this.move(id, 'queued', change)
  }

  /**
   * Ends the console with its workers (the reaper and the lifeline end them) and starts the next
   * one.
   */
  restart(): void {
    this.runs.clear()
    for (const worker of this.processes) worker.alive = false
    this.warmAfter = 0
    this.mode = 'scheduling'
    for (const job of [...this.jobs.values()].filter(({ state }) => state === 'running')) {
      const schedulerDeaths = job.schedulerDeaths + 1
      const parked = schedulerDeaths >= DEATHS_BEFORE_PARKED ? 'parked' : 'interrupted'
      this.move(job.id, job.cancelRequestedAt === null ? parked : 'cancelled', { schedulerDeaths })
    }
  }

  /** Pauses a domain for `ms`. */
  hold(domain: string, ms: number): void {
    this.limits = { ...this.limits, holds: [{ domain, until: this.now + ms, status: 429, streak: 1 }] }
  }

  check(): void {
    checkLimits(this.limits, [...this.runs.values()])
    const living = this.living()
    const busy = this.busy()
    if (busy.length > this.slots) throw new Error(`${busy.length} busy workers in ${this.slots} slots`)
    if (living.length > this.slots + this.warm) {
      throw new Error(`${living.length} processes for ${this.slots} slots and ${this.warm} warm ones`)
    }
    for (const worker of living) {
      if ((worker.member === null) !== (worker.idleSince !== null)) throw new Error('idle with a job')
      if (worker.jobs > RECYCLE.jobs) throw new Error(`${worker.workerId} was not recycled`)
    }
    for (const member of busy) {
      const run = this.runs.get(member.jobId)
      if (run?.members.includes(member) !== true) throw new Error(`${member.workerId} outlived its run`)
      if (run.job.attempt !== member.attempt) throw new Error(`job ${member.jobId} is run by two claims`)
      const serves = member.worker.serves?.workflow
      if (serves !== run.job.workflow)
        throw new Error(`${member.workerId} runs the code of ${String(serves)}`)
    }
    for (const job of this.jobs.values()) {
      if ((job.state === 'running') !== this.runs.has(job.id)) {
        throw new Error(`job ${job.id} is ${job.state} and ${this.runs.has(job.id) ? 'is' : 'is not'} run`)
      }
      if (job.failures > job.retries + 1) throw new Error(`job ${job.id} failed ${job.failures} times`)
    }
  }

  private view(): SchedulerView {
    const holds = this.limits.holds.filter(({ until }) => until > this.now)
    this.limits = { ...this.limits, holds }
    const runs = [...this.runs.values()]
    this.counts = new PlainCounts(this.limits, runs)
    const { due, next } = queueOf(this.jobs, this.limits, runs, { now: this.now, each: this.each })
    this.line = due.map(({ id }) => id)
    const { slots, warm, warmAfter, writableSince } = this
    const mode = this.mode === 'scheduling' && writableSince === null ? 'paused' : this.mode
    const pool = { warm, warmAfter, recycle: RECYCLE, needs: NEEDS, workers: this.living() }
    const claimable = [...due, ...next]
    return { mode, urgent: false, writableSince, slots, ...pool, claimable, runs, limits: this.limits }
  }

  private perform(action: Action): void {
    if (action.type === 'claim') this.claim(action.jobId)
    else if (action.type === 'settle') this.settle(action.jobId)
    else if (action.type === 'fork') this.fork()
    else this.tell(action)
  }

  private tell(action: Extract<Action, { workerId: string }>): void {
    const worker = this.living().find(({ workerId }) => workerId === action.workerId)
    if (worker === undefined) throw new Error(`${action.type} of a worker that has gone`)
    const { member } = worker
    if (action.type === 'retire') {
      // The worker may have taken over a member within this turn.
      if (member === null) worker.stoppingAt = this.monotonic
    } else if (action.type === 'stop') {
      if (member === null) throw new Error('stop of a worker without a job')
      member.stop = { reason: action.reason, at: this.monotonic }
    } else if (action.type === 'reprieve') {
      if (member === null) throw new Error('a reprieve of a worker without a job')
      member.reprievedAt = this.monotonic
    } else {
      if (this.writableSince === null && worker.killedAt === null && action.why === 'blocked')
        throw new Error(`${worker.workerId} is killed for what it cannot write`)
      worker.killedAt = this.monotonic
      if (member !== null) member.killedAt = this.monotonic
      // Sometimes the first kill fails.
      if (this.random() < 0.8) {
        const error = { name: 'E', code: 'worker-exit', message: 'killed', stack: '', facts: {} } as const
        this.exit(worker, { status: 'crashed', error, phase: null, exitCode: null, signal: 'SIGKILL' })
      }
    }
  }

  private claim(id: number): void {
    const job = this.jobs.get(id)
    if (job === undefined || !isClaimable(job) || job.dueAt > this.now) {
      throw new Error(`job ${id} was claimed though it is not claimable`)
    }
    mustNotWait(job, this.jobs)
    // A job that became claimable after the decision, in the same turn, could not have been chosen.
    const ahead = this.line.slice(0, this.line.indexOf(id))
    const waiting = ahead.flatMap(one => this.jobs.get(one) ?? []).filter(isClaimable)
    const workers = (one: Pick<Job, 'workflow' | 'workers' | 'domains'>) =>
      workersOf(one, this.slots, this.limits)
    this.counts.mustNotStarve(waiting, job, workers, this.now)
    this.counts.add(job, workers(job))
    const claimed = this.move(id, 'running', { attempt: job.attempt + 1, cancelRequestedAt: null })
    const members: SimulatedMember[] = []
    for (let n = 1; n <= workers(job); n++) members.push(this.employ(claimed, n))
    this.runs.set(id, {
      job: claimed,
      members,
      best: null,
      cancelRequested: false,
      refusal: null,
      ...drawSwarm(this.random, this.monotonic),
      proxies: null,
    })
  }

  private settle(id: number): void {
    const run = this.runs.get(id)
    if (run === undefined) throw new Error(`job ${id} is settled twice`)
    if (run.members.some(({ outcome }) => outcome === null)) throw new Error(`job ${id} is settled too early`)
    const { state, ...rest } = settle(run, this.now, this.random())
    checkEnd(run, state)
    this.runs.delete(id)
    const failures = run.job.failures + (state === 'failed' || state === 'retrying' ? 1 : 0)
    this.move(id, state, { failures, ...rest })
  }

  private move(id: number, to: JobState, change: Partial<Job> = {}): Job {
    const job = this.jobs.get(id)
    if (job === undefined) throw new Error(`job ${id} is lost`)
    if (!JOB_TRANSITIONS[job.state].includes(to)) throw new Error(`job ${id} goes from ${job.state} to ${to}`)
    const moved = { ...job, ...change, state: to }
    this.jobs.set(id, moved)
    // One of these jobs may wait for another of them.
    for (let next = cancelledWith(id, to, this.jobs); next !== undefined;) {
      this.move(next.id, 'cancelled')
      next = cancelledWith(id, to, this.jobs)
    }
    return moved
  }
}
