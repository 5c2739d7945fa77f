import type { Clock } from '../../core/clock.ts'
import { errorCode, messageOf } from '../../core/errors.ts'
import type { Json } from '../../core/errors.ts'
import type { OfferReply } from '../../authoring/phase-context.ts'
import type { PhaseRunner, PhaseSpec, PhaseTools } from '../../authoring/runnable.ts'
import type { MemberRef } from '../../domain/documents.ts'
import { formatPhase } from '../../domain/phase.ts'
import type { PhasePosition, PhaseRecord } from '../../domain/phase.ts'
import type { OpenBrowser } from '../browser/open-browser.ts'
import type { Coordination } from '../coordination/coordination.ts'
import type { WorkerLog } from '../worker-log.ts'
import type { AccountSession } from '../session/account-session.ts'
import type { Takeover } from '../takeover/takeover.ts'
import type { WorkerState } from '../worker-state.ts'
import { PageFacts, betterReason } from './better-reason.ts'
import { watchPhase } from './interruption.ts'
import { runInPhase } from './phase-scope.ts'
import { phaseTools } from './phase-tools.ts'
import { raceInterruption } from './race-interruption.ts'

export interface PhasesOptions {
  readonly member: MemberRef
  /** How many phases the workflow has. */
  readonly count: number
  readonly browser: OpenBrowser
  readonly coordination: Coordination
  readonly account: AccountSession
  readonly takeover: Takeover
  readonly offer: (result: Json) => Promise<OfferReply>
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly clock: Clock
  readonly stop: AbortSignal
  readonly lost: AbortSignal
  readonly abortGraceMs: number
}

/** Runs the phases of one worker, one after the other. `failedAt` is where the last failure was. */
export class MemberPhases implements PhaseRunner {
  private readonly options: PhasesOptions
  private readonly facts: PageFacts
  failedAt: PhasePosition | null = null

  constructor(options: PhasesOptions) {
    this.options = options
    this.facts = new PageFacts(options.browser.page)
  }

  async run<T>(phase: PhaseSpec, index: number, body: (tools: PhaseTools) => T | Promise<T>): Promise<T> {
    const { state, stop, lost, clock, count, takeover } = this.options
    stop.throwIfAborted()
    lost.throwIfAborted()
    state.beginPhase(phase, index, count)
    this.options.log.inPhase(phase.name)
    this.options.log.info(`phase ${index}/${count} ${phase.name} started`)
    const interruption = watchPhase(phase, [stop, lost], clock)
    takeover.during(interruption)
    let ended = false
    try {
      const { tools, watchesSignal, offersAnswered } = phaseTools({
        ...this.options,
        interruption,
        last: index === count,
      })
      const scope = { name: phase.name, ended: () => ended, fail: interruption.interrupt }
      const work = runInPhase(scope, async () => {
        await takeover.pausePoint()
        const value = await body(tools)
        await offersAnswered()
        return value
      })
      const value = await raceInterruption(work, {
        signal: interruption.signal,
        graceMs: () => (watchesSignal() ? this.options.abortGraceMs : 0),
        clock,
        stray: error =>
          this.options.log.warn(`after its end, phase ${phase.name} threw: ${messageOf(error)}`),
      })
      this.end('done')
      return value
    } catch (thrown) {
      const error = stop.aborted ? thrown : await betterReason(thrown, { lost, clock, facts: this.facts })
      this.failedAt = state.phase
      this.end(statusOf(error))
      throw error
    } finally {
      ended = true
      takeover.during(undefined)
      interruption.forget()
    }
  }

  private end(status: PhaseRecord['status']): void {
    const { state, log } = this.options
    const position = state.phase
    state.endPhase(status)
    if (position !== null) log.info(`phase ${formatPhase(position)} ${status}`)
    log.inPhase(null)
  }
}

function statusOf(error: unknown): PhaseRecord['status'] {
  const code = errorCode(error)
  if (code === 'phase-timeout') return 'timed-out'
  return code === 'cancelled' ? 'cancelled' : 'failed'
}
