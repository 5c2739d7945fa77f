import { join } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Store } from '../../../store/store.ts'
import { removeFiles } from '../../../files/remove-files.ts'
import { ServiceSupervisor } from './service-supervisor.ts'
import type { DesiredState } from './service-supervisor.ts'
import type { Service } from '../../service.ts'

export interface ServicesDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  /** By their names, what the configuration wants of services; of the others what they say themselves. */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
}

/** Keeps all services as the operator wants them, and hears of new wishes from the store. */
export class Services {
  private readonly deps: ServicesDependencies
  private readonly supervisors = new Map<string, ServiceSupervisor>()
  private unsubscribe: () => void = () => undefined
  private hearing: Promise<void> | null = null
  private hearAgain = false

  constructor(deps: ServicesDependencies) {
    this.deps = deps
  }

  /** Makes a service known, and starts it when that is wanted. */
  async add(service: Service): Promise<void> {
    const { supervisor, desired } = await this.known(service)
    this.supervisors.set(service.name, supervisor)
    await supervisor.want(desired)
  }

  /** Makes a service known that stands still for as long as this scheduler lives: what is wanted of it is the next one's to do. */
  async addStopped(service: Service): Promise<void> {
    await this.known(service)
  }

  /** In the store, and stopped in its state document. */
  private async known(service: Service): Promise<{ supervisor: ServiceSupervisor; desired: DesiredState }> {
    const state = await this.declare(service)
    const desired = (await this.readDesired()).get(service.name) ?? {
      desired: state,
      generation: 0,
      starts: 0,
    }
    return { supervisor: new ServiceSupervisor(this.deps, service, desired), desired }
  }

  private async declare({ name, desiredAtFirst }: Service): Promise<DesiredState['desired']> {
    const desired = this.deps.wanted[name] ?? desiredAtFirst
    await this.deps.store.call('services.declare', { name, desired })
    return desired
  }

  /** The configuration may want something else by now; what an operator has said stands. */
  async applyDefaults(): Promise<void> {
    for (const { service } of this.supervisors.values()) await this.declare(service)
  }

  /** Lets others take the place of services: those that are not among them are gone. */
  async replace(old: readonly Service[], others: readonly Service[]): Promise<void> {
    for (const { name } of old) {
      if (others.some(one => one.name === name)) await this.end(name)
      else await this.remove(name)
    }
    for (const service of others) await this.add(service)
  }

  /** Stops a service, which is gone then. What an operator wants of it is known when it comes back. */
  async remove(name: string): Promise<void> {
    await this.end(name)
    removeFiles([join(this.deps.paths.serviceStates, `${name}.json`)], this.deps.log)
  }

  /** Stops a service for as long as this scheduler lives. A wish that comes later is for the next scheduler. */
  async end(name: string, reason: 'stop' | 'upgrade' = 'stop'): Promise<void> {
    const supervisor = this.supervisors.get(name)
    // A wish that comes later finds no keeper, and so does not start the service again.
    this.supervisors.delete(name)
    await supervisor?.end(reason)
  }

  /** From now on wishes are heard, those included that came since the services were added. */
  listen(): void {
    this.unsubscribe = this.deps.store.onChange(() => this.onChange(), ['services'])
    this.onChange()
  }

  /** Stops all, the newest first. */
  async shutdown(): Promise<void> {
    this.unsubscribe()
    this.hearAgain = false
    await this.hearing
    for (const supervisor of [...this.supervisors.values()].reverse()) await supervisor.end('shutdown')
  }

  /** Returns whether a service runs or is to be started. */
  isActive(name: string): boolean {
    return this.supervisors.get(name)?.active ?? false
  }

  /** Why a service does not run that others need; undefined while they all run. */
  get trouble(): string | undefined {
    return [...this.supervisors.values()].map(({ trouble }) => trouble).find(one => one !== undefined)
  }

  /** Writes every service's present message. */
  publish(): void {
    for (const supervisor of this.supervisors.values()) supervisor.publish()
  }

  /** One look at a time, so that no keeper hears an older wish after a newer one; a service that takes long to start holds up no other. */
  private onChange(): void {
    this.hearAgain = true
    this.hearing ??= this.readWishes().finally(() => {
      this.hearing = null
      if (this.hearAgain) this.onChange()
    })
  }

  private async readWishes(): Promise<void> {
    while (this.hearAgain) {
      this.hearAgain = false
      try {
        for (const [name, desired] of await this.readDesired()) void this.supervisors.get(name)?.want(desired)
      } catch (error) {
        this.deps.log.error(`The wishes for services could not be read: ${messageOf(error)}`)
      }
    }
  }

  private async readDesired(): Promise<Map<string, DesiredState>> {
    const list = await this.deps.store.call('services.list', {})
    return new Map(list.map(({ name, ...desired }) => [name, desired]))
  }
}
