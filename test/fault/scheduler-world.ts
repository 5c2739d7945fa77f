import { decide, workersOf } from '../../lib/control/decide.ts'
import type { Action, Mode } from '../../lib/control/decide.ts'
import type { Member } from '../../lib/control/run.ts'
import { settle } from '../../lib/control/settle.ts'
import { JOB_TRANSITIONS } from '../../lib/domain/job.ts'
import type { Job, JobState } from '../../lib/domain/job.ts'
import type { Outcome } from '../../lib/domain/outcome.ts'
import { job as newJob, member as newMember, queued } from '../helpers/run.ts'

type Changeable<T> = { -readonly [K in keyof T]: T[K] }
export interface SimulatedMember extends Changeable<Member> {
  /** Whether its process lives; it may, although the scheduler that forked it died. */
  alive: boolean
  readonly jobId: number
  readonly attempt: number
}
interface SimulatedRun {
  readonly job: Job
  readonly members: SimulatedMember[]
  best: { result: number; targetMet: boolean } | null
  cancelRequested: boolean
}

const CLAIMABLE: readonly JobState[] = ['queued', 'retrying', 'interrupted']
const DEATHS_BEFORE_PARKED = 3

/**
 * The store, the processes and the orchestrator in memory, as small as `decide` and `settle` need them. What it does is what the real ones promise;
 * every step checks what must hold whatever happens.
 */
export class SchedulerWorld {
  now = 1_000
  mode: Mode = 'scheduling'
  readonly slots: number
  readonly jobs = new Map<number, Job>()
  readonly runs = new Map<number, SimulatedRun>()
  readonly processes: SimulatedMember[] = []
  private readonly random: () => number
  private workers = 0

  constructor(slots: number, random: () => number) {
    this.slots = slots
    this.random = random
  }

  enqueue(change: Partial<Job>): void {
    const id = this.jobs.size + 1
    this.jobs.set(id, newJob({ ...change, id, state: 'queued', attempt: 0 }))
  }

  living(): SimulatedMember[] {
    return this.processes.filter(({ alive }) => alive)
  }

  /** One turn, as the orchestrator takes it: decide, perform all, decide again until there is nothing to do. Answers when to wake. */
  turn(): number | null {
    for (let rounds = 0; rounds < 1_000; rounds++) {
      const { actions, wakeAt } = decide(this.view(), this.now)
      if (actions.length === 0) return wakeAt
      for (const action of actions) this.perform(action)
      this.check()
    }
    throw new Error('the scheduler never comes to rest')
  }

  exit(member: SimulatedMember, outcome: Outcome): void {
    member.alive = false
    const reason = outcome.status === 'succeeded' ? undefined : member.stop?.reason
    member.outcome = reason === undefined ? outcome : { status: 'cancelled', reason, phase: null }
  }

  cancel(id: number): void {
    const job = this.jobs.get(id)
    if (job === undefined || ['succeeded', 'failed', 'cancelled'].includes(job.state)) return
    if (job.state === 'running') this.jobs.set(id, { ...job, cancelRequestedAt: this.now })
    else this.move(id, 'cancelled')
    const run = this.runs.get(id)
    if (run !== undefined) run.cancelRequested = true
  }

  /** The console dies: its workers with it (the reaper and the lifeline see to that), and the next one takes over. */
  restart(): void {
    this.runs.clear()
    for (const member of this.processes) member.alive = false
    this.mode = 'scheduling'
    for (const job of [...this.jobs.values()].filter(({ state }) => state === 'running')) {
      const consoleDeaths = job.consoleDeaths + 1
      const parked = consoleDeaths >= DEATHS_BEFORE_PARKED ? 'parked' : 'interrupted'
      this.move(job.id, job.cancelRequestedAt === null ? parked : 'cancelled', { consoleDeaths })
    }
  }

  check(): void {
    const living = this.living()
    if (living.length > this.slots) throw new Error(`${living.length} workers in ${this.slots} slots`)
    for (const member of living) {
      const run = this.runs.get(member.jobId)
      if (run?.members.includes(member) !== true) throw new Error(`${member.workerId} outlived its run`)
      if (run.job.attempt !== member.attempt) throw new Error(`job ${member.jobId} is run by two claims`)
    }
    for (const job of this.jobs.values()) {
      if ((job.state === 'running') !== this.runs.has(job.id)) {
        throw new Error(`job ${job.id} is ${job.state} and ${this.runs.has(job.id) ? 'is' : 'is not'} run`)
      }
      if (job.failures > job.retries + 1) throw new Error(`job ${job.id} failed ${job.failures} times`)
    }
  }

  private view() {
    const summaries = [...this.jobs.values()]
      .filter(({ state }) => CLAIMABLE.includes(state))
      .sort((a, b) => b.priority - a.priority || a.dueAt - b.dueAt || a.id - b.id)
      .map(({ id, workers, dueAt, priority }) => queued(id, { workers, dueAt, priority }))
    const due = summaries.filter(({ dueAt }) => dueAt <= this.now).slice(0, this.slots + 1)
    const later = summaries.filter(({ dueAt }) => dueAt > this.now).sort((a, b) => a.dueAt - b.dueAt)
    const claimable = [...due, ...later.slice(0, 1)]
    return { mode: this.mode, slots: this.slots, claimable, runs: [...this.runs.values()] }
  }

  private perform(action: Action): void {
    if (action.type === 'claim') this.claim(action.jobId)
    else if (action.type === 'settle') this.settle(action.jobId)
    else this.tell(action)
  }

  private tell(action: Extract<Action, { workerId: string }>): void {
    const member = this.processes.find(({ workerId }) => workerId === action.workerId)
    if (member === undefined) throw new Error(`${action.type} of an unknown worker`)
    if (member.outcome !== null) throw new Error(`${action.type} of a worker that has ended`)
    if (action.type === 'stop') member.stop = { reason: action.reason, at: this.now }
    else {
      member.killedAt = this.now
      // Now and then a kill does not work the first time.
      if (this.random() < 0.8) {
        const error = { name: 'E', code: 'worker-exit', message: 'killed', stack: '', facts: {} } as const
        this.exit(member, { status: 'crashed', error, phase: null, exitCode: null, signal: 'SIGKILL' })
      }
    }
  }

  private claim(id: number): void {
    const job = this.jobs.get(id)
    if (job === undefined || !CLAIMABLE.includes(job.state) || job.dueAt > this.now) {
      throw new Error(`job ${id} was claimed though it is not claimable`)
    }
    const claimed = this.move(id, 'running', { attempt: job.attempt + 1, cancelRequestedAt: null })
    const members = Array.from({ length: workersOf(job, this.slots) }, (_, n): SimulatedMember => ({
      ...newMember({ workerId: `w${++this.workers}`, member: n + 1, forkedAt: this.now, seenAt: null }),
      ...{ alive: true, jobId: id, attempt: claimed.attempt },
    }))
    this.processes.push(...members)
    this.runs.set(id, { job: claimed, members, best: null, cancelRequested: false })
  }

  private settle(id: number): void {
    const run = this.runs.get(id)
    if (run === undefined) throw new Error(`job ${id} is settled twice`)
    if (run.members.some(({ alive }) => alive)) throw new Error(`job ${id} is settled with a living worker`)
    const { state, ...rest } = settle(run, this.now, this.random())
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
    return moved
  }
}
