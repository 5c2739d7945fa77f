import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { MemberRef, OutcomeDocument } from '../domain/documents.ts'
import type { Outcome } from '../domain/outcome.ts'
import { writeJsonSync } from '../files/atomic-json.ts'
import type { WorkerBrowser } from './browser/open-browser.ts'
import type { CrashRecorder } from './evidence/crash-recorder.ts'
import { screenshot } from './evidence/screenshot.ts'
import { outcomeOf } from './run-member.ts'
import type { Answer } from './run-member.ts'
import type { StopRequest } from './stop-request.ts'
import type { WorkerLog } from './worker-log.ts'
import type { WorkerState } from './worker-state.ts'

export interface EndOptions {
  readonly member: MemberRef
  /** `data/results`. */
  readonly results: string
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly recorder: CrashRecorder
  readonly stop: StopRequest
  readonly clock: Clock
  /** Ends the process at once. */
  readonly leave: (code: number) => void
}

const FAILED = 1

/** All the ways in which a worker process ends. The first one settles the outcome. */
export class WorkerEnd {
  private readonly options: EndOptions
  private done = false
  browser: WorkerBrowser | undefined
  /** The workflow's answers to failures, once it is loaded. */
  answer: Answer | undefined

  constructor(options: EndOptions) {
    this.options = options
  }

  get settled(): boolean {
    return this.done
  }

  /** The ordinary end: reports, picture, outcome, then the browser. Gives the exit code. */
  async conclude(outcome: Outcome): Promise<number> {
    if (this.done) return FAILED
    this.done = true
    const { state, log, recorder, clock } = this.options
    const failed = 'error' in outcome
    if (failed) {
      recorder.record(outcome.error, outcome.phase)
      const png = await screenshot(this.browser?.livePage(), clock)
      if (png !== undefined) recorder.addScreenshot(png, outcome.phase)
    }
    this.writeOutcome(outcome)
    state.change({ state: 'stopping', outcome: outcome.status })
    const left = await this.browser?.close()
    if (left !== undefined) log.warn(left)
    state.change({ state: 'exited' })
    log.info(`worker ended: ${outcome.status}`)
    return failed ? FAILED : 0
  }

  /** Something was thrown that nobody caught: what can be saved is saved now. */
  readonly fatal = (thrown: unknown): void => {
    if (this.done) return
    this.done = true
    const { state, recorder, stop, leave } = this.options
    const outcome = outcomeOf(thrown, state.phase, stop, this.answer)
    if ('error' in outcome) recorder.record(outcome.error, outcome.phase)
    state.endPhase('failed')
    this.writeOutcome(outcome)
    this.browser?.kill()
    state.change({ state: 'exited', outcome: outcome.status })
    leave(FAILED)
  }

  /** User code ends the process: the phase and step stay in the state file, the exit code tells Control. */
  readonly left = (code: number): void => {
    const { state, log } = this.options
    state.flushPending()
    log.error(`the process was ended from within, with exit code ${code}: ${new Error('here').stack ?? ''}`)
    this.browser?.kill()
  }

  /** The parent is gone: nobody waits for an outcome, and nothing may stay behind. */
  readonly abandoned = (): void => {
    this.done = true
    const { state, log, leave } = this.options
    this.browser?.kill()
    log.warn('the console is gone; leaving')
    state.flushPending()
    leave(FAILED)
  }

  private writeOutcome(outcome: Outcome): void {
    const { member, results, state, clock } = this.options
    const document: OutcomeDocument = {
      kind: 'outcome',
      version: 1,
      ...member,
      endedAt: clock.now(),
      outcome,
      history: [...state.history],
    }
    writeJsonSync(join(results, `${member.workerId}.json`), document, { durable: true })
  }
}
