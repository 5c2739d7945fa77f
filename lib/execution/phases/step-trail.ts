import { AsyncLocalStorage } from 'node:async_hooks'
import type { Step } from '../../authoring/phase-context.ts'
import type { Clock } from '../../core/time/clock.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { StepRecord } from '../../model/job/phase.ts'

/**
 * Maximum length of the name of a step, and of the path of steps that is shown and stored, in
 * UTF-16 code units. A longer path loses its beginning, because its end names the current step.
 */
const STEP_LIMIT = 200

/**
 * Maximum number of stored steps of a phase. The state document has the steps of all phases, and is
 * written with every step.
 */
const STEPS_KEPT = 50

/**
 * A level of nested steps. It has at most one plain step at a time (`leaf`), which lasts until the
 * next step of the level begins.
 */
interface Level {
  readonly path: string
  leaf: Entry | undefined
}

interface Entry {
  readonly path: string
  readonly startedAt: number
  ended: { readonly at: number; readonly failed: boolean } | undefined
}

/** Steps of one try of a phase: the current path, and the duration of each step. */
export class StepTrail {
  private readonly clock: Clock
  private readonly show: (path: string) => void
  private readonly levels = new AsyncLocalStorage<Level>()
  private readonly outermost: Level = { path: '', leaf: undefined }
  private readonly entries: Entry[] = []
  private leftOut = 0

  /** The function that the author calls. */
  readonly step: Step

  /** `show` receives each new path. */
  constructor(clock: Clock, show: (path: string) => void) {
    this.clock = clock
    this.show = show
    const mark = (name: string) => this.mark(name)
    const around = <T>(name: string, work: () => T | Promise<T>) => this.around(name, work)
    function step(name: string): void
    function step<T>(name: string, work: () => T | Promise<T>): Promise<T>
    function step<T>(name: string, work?: () => T | Promise<T>): Promise<T> | undefined {
      if (work !== undefined) return around(name, work)
      mark(name)
      return undefined
    }
    this.step = step
  }

  /**
   * Begins a step that lasts until the next step on its level begins, or until the enclosing step
   * ends.
   */
  private mark(name: string): void {
    const level = this.level()
    level.leaf = this.begin(level, name)
  }

  /**
   * Runs `work` as a step that contains the steps of `work`. A failed step stays visible as the
   * current step, because the failure happened there.
   */
  private async around<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const level = this.level()
    const entry = this.begin(level, name)
    level.leaf = undefined
    const inner: Level = { path: entry.path, leaf: undefined }
    try {
      const value = await this.levels.run(inner, async () => work())
      this.close(inner.leaf)
      this.close(entry)
      this.show(level.path)
      return value
    } catch (error) {
      this.close(inner.leaf, true)
      this.close(entry, true)
      throw error
    }
  }

  /** Ends the current steps, and returns all steps, oldest first. */
  end(failed: boolean): { steps?: StepRecord[]; stepsLeftOut?: number } {
    for (const entry of this.entries) this.close(entry, failed)
    if (this.entries.length === 0) return {}
    return {
      steps: this.entries.map(({ path, startedAt, ended }) => ({
        path,
        startedAt,
        endedAt: ended?.at ?? startedAt,
        failed: ended?.failed ?? failed,
      })),
      ...(this.leftOut === 0 ? {} : { stepsLeftOut: this.leftOut }),
    }
  }

  private level(): Level {
    return this.levels.getStore() ?? this.outermost
  }

  private begin(level: Level, name: string): Entry {
    this.close(level.leaf)
    const text = sanitiseLine(knownSecrets.redact(name), STEP_LIMIT)
    const whole = level.path === '' ? text : `${level.path} > ${text}`
    const path = whole.length > STEP_LIMIT ? `…${whole.slice(1 - STEP_LIMIT)}` : whole
    const entry: Entry = { path, startedAt: this.clock.now(), ended: undefined }
    this.entries.push(entry)
    if (this.entries.length > STEPS_KEPT) this.leaveOut()
    this.show(path)
    return entry
  }

  /**
   * Drops the oldest step that has ended. A step that has not ended may contain others, so it
   * stays.
   */
  private leaveOut(): void {
    const oldest = this.entries.findIndex(({ ended }) => ended !== undefined)
    this.entries.splice(Math.max(0, oldest), 1)
    this.leftOut += 1
  }

  private close(entry: Entry | undefined, failed = false): void {
    if (entry !== undefined) entry.ended ??= { at: this.clock.now(), failed }
  }
}
