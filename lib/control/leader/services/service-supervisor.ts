import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { FailureLog, writeFailures } from '../../../core/errors/failure-log.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { sanitiseLine } from '../../../core/text/sanitise.ts'
import type { ServiceDocument } from '../../../model/worker/documents.ts'
import { writeJsonSync } from '../../../files/documents/atomic-json.ts'
import type { Service, StopReason } from '../../service.ts'

/** Pause before the first restart after a failure. Each following pause is twice as long. */
const FIRST_RESTART_MS = 1_000
const LONGEST_RESTART_MS = 60_000

/**
 * Time after which a service counts as started well, so that its next failure is the first in a
 * row.
 */
const HEALTHY_MS = 60_000

/** Number of failures in a row after which a service needs a person. */
export const MAX_FAILURES = 5

/** Desired state of a service. See `services.list` in the store. */
export interface DesiredState {
  readonly desired: 'running' | 'stopped'
  readonly generation: number
  readonly starts: number
}

interface KeeperDependencies {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
}

/**
 * Brings one service to its desired state. Performs one operation at a time, so a stop during a
 * start waits for the start. Writes the state document at every change. Restarts a failed service
 * after growing pauses. An essential service is restarted however often it fails. Another service
 * is restarted until it has failed too often in a row. It then remains failed until the operator
 * starts or restarts it.
 */
export class ServiceSupervisor {
  private readonly deps: KeeperDependencies
  readonly service: Service
  private actual: ServiceDocument['actual'] = 'stopped'
  private desired: DesiredState
  private done: DesiredState
  private since: number
  private restarts = 0
  private failure = ''
  private failures = 0
  private loggedFailure = ''
  /** Reason why the service waits for a person; empty if it does not. */
  private blockedBy = ''
  /** Epoch ms of the next start of a failed service; null if only the operator can start it. */
  private againAt: number | null = null
  /**
   * True once `againAt` has come. The timer sets this. A comparison with the clock would not do,
   * because the clock may have been set back or be a millisecond behind.
   */
  private againDue = false
  private forgetAgain: () => void = () => undefined
  private work: Promise<undefined> | null = null
  private ended = false
  /**
   * Number that increases at each start, stop and failure, so that reports of an earlier start are
   * ignored.
   */
  private life = 0
  /** Text of the state document that was last written. */
  private written = ''
  private readonly writes: FailureLog

  constructor(deps: KeeperDependencies, service: Service, desired: DesiredState) {
    this.deps = deps
    this.service = service
    this.desired = desired
    this.done = { ...desired, desired: 'stopped' }
    this.since = deps.clock.now()
    this.writes = new FailureLog(deps.log, writeFailures(`The state of service ${service.name}`))
    this.publish()
  }

  /** Sets the desired state. Resolves when it is reached. Never rejects. */
  want(desired: DesiredState): Promise<void> {
    this.desired = desired
    return this.beginWork()
  }

  private beginWork(): Promise<void> {
    if (this.work !== null) return this.work
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.work = promise
    void this.reconcile().then(() => resolve(undefined))
    return promise
  }

  /** Stops the service for as long as this scheduler runs. Its desired state does not change. */
  async end(reason: Exclude<StopReason, 'restart'>): Promise<void> {
    this.ended = true
    this.forgetAgain()
    await this.work
    if (this.isAlive) await this.stop(reason)
  }

  /**
   * True while the service runs, and while it waits for a person and will then continue by itself.
   */
  private get isAlive(): boolean {
    return this.actual === 'running' || this.blockedBy !== ''
  }

  /**
   * True if the service runs or is to be started. False if it is stopped, or has failed too often.
   */
  get active(): boolean {
    const givenUp = this.actual === 'failed' && this.againAt === null && this.work === null
    return this.desired.desired === 'running' && !givenUp
  }

  /**
   * Reason why the service does not run, if it is essential and has failed several times in a row;
   * undefined otherwise.
   */
  get trouble(): string | undefined {
    const { essential, name } = this.service
    if (!essential || this.actual !== 'failed' || this.failures < MAX_FAILURES) return undefined
    return `Service ${name} fails repeatedly: ${this.failure}`
  }

  /** Writes the state document if it has changed. It contains the service's current message. */
  publish(): void {
    const document: ServiceDocument = {
      kind: 'service',
      version: 1,
      name: this.service.name,
      desired: this.desired.desired,
      actual: this.actual,
      since: this.since,
      restarts: this.restarts,
      message: sanitiseLine(this.failure),
      doing: this.actual === 'running' ? this.service.doing() : null,
      ...(this.actual === 'failed' && this.blockedBy === ''
        ? { restart: { failures: this.failures, at: this.againAt } }
        : {}),
    }
    const path = join(this.deps.paths.serviceStates, `${document.name}.json`)
    const text = JSON.stringify(document)
    if (text === this.written && existsSync(path)) return
    try {
      writeJsonSync(path, document)
      this.written = text
      this.writes.succeed()
    } catch (error) {
      // A full disk must not stop the service or the caller. The document is written at the next
      // change or heartbeat.
      this.writes.fail(error)
    }
  }

  private async reconcile(): Promise<void> {
    for (;;) {
      const desired = this.desired
      const restart = desired.generation !== this.done.generation
      const asked = this.done.desired === 'stopped' || desired.starts !== this.done.starts
      const due = this.againDue
      if (restart || asked || desired.desired === 'stopped') this.resetFailures()
      if (this.isAlive && (desired.desired === 'stopped' || restart)) {
        await this.stop(desired.desired === 'running' ? 'restart' : 'stop')
      }
      if (this.actual === 'failed' && desired.desired === 'stopped') this.enter('stopped')
      if (!this.isAlive && desired.desired === 'running' && (restart || asked || due)) {
        if (restart || due) this.restarts++
        this.againAt = null
        this.againDue = false
        await this.start()
      }
      this.done = desired
      if (this.desired === desired) break
    }
    // Runs synchronously after the last check of the desired state, so that a later change begins a
    // new run.
    this.work = null
    this.publish()
  }

  private async start(): Promise<void> {
    const life = ++this.life
    this.enter('starting')
    try {
      await this.service.start(
        error => {
          if (life === this.life) this.fail(error)
        },
        reason => {
          if (life === this.life) this.block(reason ?? '')
        },
      )
      if (life === this.life && this.blockedBy === '') this.enter('running')
    } catch (error) {
      if (life === this.life) this.fail(error)
    }
  }

  private async stop(reason: StopReason): Promise<void> {
    this.life++
    this.blockedBy = ''
    this.enter('stopping')
    try {
      await this.service.stop(reason)
    } catch (error) {
      this.deps.log.warn(`Service ${this.service.name} did not stop cleanly: ${messageOf(error)}`)
    }
    if (reason !== 'restart') this.enter('stopped')
  }

  private hadBegunWell(ranMs: number): boolean {
    return this.service.hadBegunWell?.(ranMs) ?? ranMs >= HEALTHY_MS
  }

  /**
   * Marks the service as blocked or, if `reason` is empty, as running. A blocked service is not
   * restarted, because it continues by itself once a person has acted.
   */
  private block(reason: string): void {
    if (reason === this.blockedBy) return
    const { log } = this.deps
    const { name } = this.service
    this.blockedBy = reason
    if (reason === '') {
      log.info(`Service ${name} continues.`)
      this.enter('running')
      return
    }
    this.failure = reason
    log.error(`Service ${name} is blocked: ${reason}`)
    this.enter('failed')
  }

  private fail(error: unknown): void {
    const { clock } = this.deps
    const now = clock.now()
    if (this.actual === 'running' && this.hadBegunWell(now - this.since)) this.failures = 0
    this.life++
    this.blockedBy = ''
    this.failures++
    this.failure = messageOf(error)
    this.logFailure()
    if (!this.ended && (this.service.essential || this.failures < MAX_FAILURES)) {
      const pauseMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (this.failures - 1))
      this.againAt = now + pauseMs
      this.forgetAgain = clock.after(pauseMs, () => {
        this.againDue = true
        void this.beginWork()
      })
    }
    this.enter('failed')
  }

  /**
   * Logs a failure. An essential service may fail every minute for days. Therefore, after several
   * failures in a row, a failure is logged only if its reason differs from the last one.
   */
  private logFailure(): void {
    const { log } = this.deps
    const { essential, name } = this.service
    const { failures, failure } = this
    if (failures <= MAX_FAILURES || failure !== this.loggedFailure)
      log.error(`Service ${name} failed: ${failure}`)
    this.loggedFailure = failure
    if (failures !== MAX_FAILURES) return
    log.error(
      essential
        ? `Service ${name} has failed ${failures} times in a row. It is restarted at least once a minute until it runs.`
        : `Service ${name} has failed ${failures} times in a row and is not restarted. Fix the problem, then run: automate-tui services start ${name}`,
    )
  }

  /** Forgets the failures and the planned restart, because the operator has made a new decision. */
  private resetFailures(): void {
    this.forgetAgain()
    this.againAt = null
    this.againDue = false
    this.failures = 0
  }

  private enter(actual: ServiceDocument['actual']): void {
    if (actual !== 'failed') this.failure = ''
    this.actual = actual
    this.since = this.deps.clock.now()
    this.publish()
  }
}
