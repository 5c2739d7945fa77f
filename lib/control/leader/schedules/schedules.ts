import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { FailureLog } from '../../../core/errors/failure-log.ts'
import { localTime } from '../../../core/time/local-time.ts'
import type { Log } from '../../../core/log.ts'
import { domainInInput } from '../../../model/job/domains.ts'
import type { Schedule } from '../../../model/schedule/schedule.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import { ControlLoop } from '../../control-loop.ts'
import { decideSchedule } from './decide-schedule.ts'
import type { Verdict } from './decide-schedule.ts'

export interface SchedulesDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Returns the facts of a workflow; null when none of that name can be loaded now, undefined while that is not known yet. */
  readonly workflow: (name: string) => WorkflowDescription | null | undefined
  /** Called when all that is due has been seen to. */
  readonly onRest: () => void
}

/** The next run of all schedules. */
interface NextRun {
  readonly schedule: string
  readonly at: number
}

/**
 * Queues the jobs of schedules when they are due. It decides on what the store says, and the store does it only where that is still so: a restart, a second decision and a pause meanwhile
 * neither repeat nor lose a run.
 */
export class Schedules {
  private readonly deps: SchedulesDependencies
  private turns: ControlLoop | null = null
  private unsubscribe: () => void = () => undefined
  /** Something is due whose workflow is not known yet. */
  private waitsForWorkflow = false
  private next: NextRun | null = null
  private trouble = ''

  constructor(deps: SchedulesDependencies) {
    this.deps = deps
  }

  /** Whether nothing is due that has not been seen to. */
  get settled(): boolean {
    return this.turns === null || (this.turns.resting && !this.waitsForWorkflow)
  }

  /** When the next run begins. */
  get nextRun(): NextRun | null {
    return this.next
  }

  /** A schedule that cannot be used, and why; empty when there is none. */
  get broken(): string {
    return this.trouble
  }

  start(): void {
    const { clock, log, store } = this.deps
    const failures = new FailureLog(log, {
      failed: 'The schedules could not be looked at, and are again',
      mended: 'The schedules can be looked at again',
    })
    const turns = new ControlLoop({
      clock,
      take: async () => {
        const turn = await this.takeTurn()
        failures.succeed()
        return turn
      },
      failed: thrown => failures.fail(thrown),
      due: () => undefined,
      rest: this.deps.onRest,
    })
    this.turns = turns
    this.unsubscribe = store.onChange(() => turns.wake(), ['schedules'])
    turns.wake()
  }

  async stop(): Promise<void> {
    this.unsubscribe()
    const { turns } = this
    await turns?.close()
    this.turns = null
    this.next = null
    this.deps.onRest()
  }

  /** Looks again: more may be known of workflows. */
  wake(): void {
    if (this.waitsForWorkflow) this.turns?.wake()
  }

  private async takeTurn(): Promise<{ acted: boolean; wakeAt: number | null }> {
    const schedules = await this.deps.store.call('schedules.list', {})
    const now = this.deps.clock.now()
    this.waitsForWorkflow = false
    this.trouble = ''
    let next: NextRun | null = null
    const doings: Promise<unknown>[] = []
    for (const schedule of schedules.filter(({ paused }) => !paused)) {
      const verdict = this.decide(schedule, now)
      if (verdict.do !== 'wait') {
        const done = this.bringAbout(schedule, verdict)
        if (done === null) this.waitsForWorkflow = true
        else doings.push(done)
      } else if (verdict.until !== null && (next === null || verdict.until < next.at)) {
        next = { schedule: schedule.name, at: verdict.until }
      }
    }
    this.next = next
    for (const done of await Promise.allSettled(doings)) if (done.status === 'rejected') throw done.reason
    return { acted: doings.length > 0, wakeAt: next?.at ?? null }
  }

  /** One that cannot be used (a time zone that this machine does not know) holds up no other. */
  private decide(schedule: Schedule, now: number): Verdict {
    try {
      return decideSchedule(schedule, now)
    } catch (error) {
      this.trouble = `schedule "${schedule.name}" cannot be used: ${messageOf(error)}`
      return { do: 'wait', until: null }
    }
  }

  /**
   * Null when the schedule's workflow is not known yet. A workflow that cannot be loaded makes a job all the same, which waits for it and says so: people are notified of a job that waits, and its
   * workflow decides then how many workers and retries it has. One that there is not makes a job that fails: a run that is silently left out helps nobody.
   */
  private bringAbout(schedule: Schedule, verdict: Exclude<Verdict, { do: 'wait' }>): Promise<unknown> | null {
    const { name, revision, consideredAt, input } = schedule
    if (verdict.do === 'start-over') {
      this.deps.log.warn(
        `Schedule "${name}" goes on from now: its last due time, ${localTime(consideredAt)}, lies in the future, because the clock was set back. What is due again runs again.`,
      )
      return this.deps.store.call('schedules.startOver', { name, revision, consideredAt })
    }
    const { dueAt, missed } = verdict
    const about = { name, revision, consideredAt, dueAt, missed }
    if (verdict.do === 'miss') {
      return this.deps.store.call('schedules.settle', { ...about, verdict: { miss: verdict.reason } })
    }
    const workflow = this.deps.workflow(schedule.workflow)
    if (workflow === undefined) return null
    const run =
      workflow === null
        ? null
        : {
            workers: workflow.workers,
            retries: workflow.retries,
            domains: domainInInput(workflow, input),
          }
    return this.deps.store.call('schedules.settle', { ...about, verdict: { run } })
  }
}
