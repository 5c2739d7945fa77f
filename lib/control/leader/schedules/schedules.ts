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
  /**
   * Returns the description of a workflow. Returns null if no workflow of that name can be loaded
   * now, and undefined while this is not known yet.
   */
  readonly workflow: (name: string) => WorkflowDescription | null | undefined
  /** Called when all due runs have been handled. */
  readonly onRest: () => void
}

/** The earliest next run of any schedule. */
interface NextRun {
  readonly schedule: string
  readonly at: number
}

/**
 * Queues the jobs of schedules when they are due. Each decision is based on the schedule in the
 * store, and the store applies it only if the schedule has not changed since. A restart, a second
 * decision or a pause in between therefore neither repeats nor loses a run.
 */
export class Schedules {
  private readonly deps: SchedulesDependencies
  private turns: ControlLoop | null = null
  private unsubscribe: () => void = () => undefined
  /** True if a run is due and its workflow is not known yet. */
  private waitsForWorkflow = false
  private next: NextRun | null = null
  private trouble = ''

  constructor(deps: SchedulesDependencies) {
    this.deps = deps
  }

  /** True if all due runs have been handled. */
  get settled(): boolean {
    return this.turns === null || (this.turns.resting && !this.waitsForWorkflow)
  }

  /** The earliest next run of any schedule; null if there is none. */
  get nextRun(): NextRun | null {
    return this.next
  }

  /** Message about a schedule that cannot be used; empty if there is none. */
  get broken(): string {
    return this.trouble
  }

  start(): void {
    const { clock, log, store } = this.deps
    const failures = new FailureLog(log, {
      failed: 'The schedules could not be checked and are being retried',
      mended: 'The schedules can be checked again',
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

  /**
   * Checks the schedules again if a run waits for its workflow, because more workflows may be known
   * now.
   */
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

  /**
   * Returns the action for a schedule. A schedule that cannot be used, for example because its time
   * zone is unknown on this machine, does not block the others.
   */
  private decide(schedule: Schedule, now: number): Verdict {
    try {
      return decideSchedule(schedule, now)
    } catch (error) {
      this.trouble = `schedule "${schedule.name}" cannot be used: ${messageOf(error)}`
      return { do: 'wait', until: null }
    }
  }

  /**
   * Applies an action. Returns null if it is not known yet whether the schedule's workflow exists.
   * If the workflow cannot be loaded, a job is queued all the same. The job waits for the workflow,
   * which then decides the number of workers and retries, and people are notified of it. If the
   * workflow does not exist, the job fails, because a run that is skipped silently helps no one.
   */
  private bringAbout(schedule: Schedule, verdict: Exclude<Verdict, { do: 'wait' }>): Promise<unknown> | null {
    const { name, revision, consideredAt, input } = schedule
    if (verdict.do === 'start-over') {
      this.deps.log.warn(
        `Schedule "${name}" continues from now, because the clock was set back and its last due time, ${localTime(consideredAt)}, is in the future. Runs that become due again run again.`,
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
