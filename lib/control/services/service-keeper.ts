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
  readonly starts: number
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
  private done: Wish
  private since: number
  private restarts = 0
  private failure = ''
  private work: Promise<undefined> | null = null
  /** Counts the starts of the service: what an earlier one reports is no news of this one. */
  private life = 0

  constructor(deps: KeeperDependencies, service: Service, wish: Wish) {
    this.deps = deps
    this.service = service
    this.wish = wish
    this.done = { ...wish, desired: 'stopped' }
    this.since = deps.clock.now()
    this.publish()
  }

  /** Hears what is wanted; resolves when that is done. Never rejects. */
  want(wish: Wish): Promise<void> {
    this.wish = wish
    if (this.work !== null) return this.work
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.work = promise
    void this.bringAbout().then(() => resolve(undefined))
    return promise
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
    try {
      writeJsonSync(join(this.deps.paths.serviceStates, `${document.name}.json`), document)
    } catch (error) {
      // A full disk must stop neither the service nor whoever asked; the next change or heartbeat writes it.
      this.deps.log.error(`The state of service ${document.name} could not be written: ${messageOf(error)}`)
    }
  }

  private async bringAbout(): Promise<void> {
    for (;;) {
      const wish = this.wish
      const restart = wish.generation !== this.done.generation
      const again = this.done.desired === 'stopped' || wish.starts !== this.done.starts
      if (this.actual === 'running' && (wish.desired === 'stopped' || restart)) await this.stop()
      if (this.actual === 'failed' && wish.desired === 'stopped') this.enter('stopped')
      if (this.actual !== 'running' && wish.desired === 'running' && (restart || again)) {
        if (restart) this.restarts++
        await this.start()
      }
      this.done = wish
      if (this.wish === wish) break
    }
    // In the same breath as the last look at the wish: one that comes later begins anew.
    this.work = null
    this.publish()
  }

  private async start(): Promise<void> {
    const life = ++this.life
    this.enter('starting')
    try {
      await this.service.start(error => {
        if (life === this.life) this.fail(error)
      })
      if (life === this.life) this.enter('running')
    } catch (error) {
      if (life === this.life) this.fail(error)
    }
  }

  private async stop(): Promise<void> {
    this.life++
    this.enter('stopping')
    try {
      await this.service.stop()
    } catch (error) {
      this.deps.log.warn(`Service ${this.service.name} did not stop cleanly: ${messageOf(error)}`)
    }
    this.enter('stopped')
  }

  private fail(error: unknown): void {
    this.life++
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
