import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { MemberRef, OutcomeDocument } from '../domain/documents.ts'
import type { Outcome } from '../domain/outcome.ts'
import { writeJsonSync } from '../files/atomic-json.ts'
import type { JobBrowser } from './browser/lease.ts'
import type { CrashRecorder } from './evidence/crash-recorder.ts'
import { screenshot } from './evidence/screenshot.ts'
import { outcomeOf } from './run-member.ts'
import type { Answer } from './run-member.ts'
import type { StopRequest } from './stop-request.ts'
import type { WorkerState } from './worker-state.ts'

export interface MemberEndOptions {
  readonly member: MemberRef
  /** `data/results`. */
  readonly results: string
  readonly browser: JobBrowser
  readonly state: WorkerState
  readonly recorder: CrashRecorder
  readonly stop: StopRequest
  readonly clock: Clock
}

/** The end of a worker's part of one job. What settles it first stays. */
export class MemberEnd {
  private readonly options: MemberEndOptions
  private done = false
  /** The workflow's answers to failures, once it is loaded. */
  answer: Answer | undefined

  constructor(options: MemberEndOptions) {
    this.options = options
  }

  get settled(): boolean {
    return this.done
  }

  /** The ordinary end: report, picture, outcome. The browser is left open. */
  async conclude(outcome: Outcome): Promise<void> {
    if (this.done) return
    this.done = true
    const { recorder, browser, clock } = this.options
    if ('error' in outcome) {
      recorder.record(outcome.error, outcome.phase)
      const png = await screenshot(browser.livePage(), clock)
      if (png !== undefined) recorder.addScreenshot(png, outcome.phase)
    }
    this.writeOutcome(outcome)
  }

  /** Something was thrown that nobody caught: what can be saved is saved now, synchronously. Gives what it settled. */
  fail(thrown: unknown): Outcome | undefined {
    if (this.done) return undefined
    this.done = true
    const { state, recorder, stop } = this.options
    const outcome = outcomeOf(thrown, state.phase, stop, this.answer)
    if ('error' in outcome) recorder.record(outcome.error, outcome.phase)
    state.endPhase('failed')
    this.writeOutcome(outcome)
    return outcome
  }

  /** Nobody waits for an outcome any more. */
  abandon(): void {
    this.done = true
  }

  /** A power cut after it and before the store has it makes the job run again, as any cut does: it is not worth two syncs a job. */
  private writeOutcome(outcome: Outcome): void {
    const { member, results, state, clock } = this.options
    const document: OutcomeDocument = {
      kind: 'outcome',
      version: 1,
      ...member,
      endedAt: clock.now(),
      outcome,
      history: [...state.history],
      memoryBytes: state.memoryBytes,
    }
    writeJsonSync(join(results, `${member.workerId}.json`), document)
  }
}
