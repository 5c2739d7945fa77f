import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { ProjectPaths } from '../../core/paths.ts'
import { sanitiseLine } from '../../core/sanitise.ts'
import type { ServiceDocument } from '../../domain/documents.ts'
import { writeJsonSync } from '../../files/atomic-json.ts'
import type { Service } from './service.ts'

/** What is wanted of a service: see `services.list` in the store. */
export interface Wish {
  readonly desired: 'running' | 'stopped'
  readonly generation: number
}

interface KeeperDependencies {
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
}

/**
 * Brings one service to what is wanted of it, one operation at a time: a stop that comes while it starts waits for the start. Writes its state document at
 * every change. A service that failed stays failed until the operator says start or restart again.
 */
export class ServiceKeeper {
  private readonly deps: KeeperDependencies
  readonly service: Service
  private actual: ServiceDocument['actual'] = 'stopped'
  private wish: Wish
  private done: Wish = { desired: 'stopped', generation: 0 }
  private since: number
  private restarts = 0
  private failure = ''
  private work: Promise<void> | null = null

  constructor(deps: KeeperDependencies, service: Service, wish: Wish) {
    this.deps = deps
    this.service = service
    this.wish = wish
    this.done = { desired: 'stopped', generation: wish.generation }
    this.since = deps.clock.now()
    this.publish()
  }

  /** Hears what is wanted; resolves when that is done. */
  want(wish: Wish): Promise<void> {
    this.wish = wish
    this.work ??= this.bringAbout().finally(() => {
      this.work = null
    })
    return this.work
  }

  /** Stops the service for the end of the program; what is wanted of it stays as it is. */
  async shutdown(): Promise<void> {
    await this.work
    if (this.actual === 'running') await this.stop()
  }

  /** Writes the state document anew, with the service's present message. */
  publish(): void {
    const document: ServiceDocument = {
      kind: 'service',
      version: 1,
      name: this.service.name,
      desired: this.wish.desired,
      actual: this.actual,
      since: this.since,
      restarts: this.restarts,
      message: sanitiseLine(this.failure),
      doing: this.actual === 'running' ? this.service.doing() : null,
    }
    writeJsonSync(join(this.deps.paths.serviceStates, `${document.name}.json`), document)
  }

  private async bringAbout(): Promise<void> {
    for (;;) {
      const wish = this.wish
      const anew = wish.generation !== this.done.generation
      if (this.actual === 'running' && (wish.desired === 'stopped' || anew)) await this.stop()
      if (
        this.actual !== 'running' &&
        wish.desired === 'running' &&
        (anew || this.done.desired === 'stopped')
      ) {
        if (anew) this.restarts++
        await this.start()
      }
      this.done = wish
      if (this.wish === wish) break
    }
    this.publish()
  }

  private async start(): Promise<void> {
    this.enter('starting')
    try {
      await this.service.start(error => this.fail(error))
      this.enter('running')
    } catch (error) {
      this.fail(error)
    }
  }

  private async stop(): Promise<void> {
    this.enter('stopping')
    try {
      await this.service.stop()
    } catch (error) {
      this.deps.log.warn(`Service ${this.service.name} did not stop cleanly: ${messageOf(error)}`)
    }
    this.enter('stopped')
  }

  private fail(error: unknown): void {
    this.failure = messageOf(error)
    this.deps.log.error(`Service ${this.service.name} failed: ${this.failure}`)
    this.enter('failed')
  }

  private enter(actual: ServiceDocument['actual']): void {
    if (actual !== 'failed') this.failure = ''
    this.actual = actual
    this.since = this.deps.clock.now()
    this.publish()
  }
}
