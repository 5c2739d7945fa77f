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
  /**
   * Desired states in the configuration, by service name. A service that is not listed has its own
   * default.
   */
  readonly wanted: Readonly<Record<string, 'running' | 'stopped'>>
}

/**
 * Brings all services to their desired states, and follows changes of these states in the store.
 */
export class Services {
  private readonly deps: ServicesDependencies
  private readonly supervisors = new Map<string, ServiceSupervisor>()
  private unsubscribe: () => void = () => undefined
  private hearing: Promise<void> | null = null
  private hearAgain = false

  constructor(deps: ServicesDependencies) {
    this.deps = deps
  }

  /** Adds a service, and starts it if that is desired. */
  async add(service: Service): Promise<void> {
    const { supervisor, desired } = await this.known(service)
    this.supervisors.set(service.name, supervisor)
    await supervisor.want(desired)
  }

  /**
   * Adds a service that remains stopped as long as this scheduler runs. The next scheduler applies
   * its desired state.
   */
  async addStopped(service: Service): Promise<void> {
    await this.known(service)
  }

  /** Declares a service in the store, and writes its state document with the state `stopped`. */
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

  /**
   * Declares the defaults of the current configuration. The decisions of an operator take
   * precedence over them.
   */
  async applyDefaults(): Promise<void> {
    for (const { service } of this.supervisors.values()) await this.declare(service)
  }

  /** Replaces services by others of the same names. Services without a replacement are removed. */
  async replace(old: readonly Service[], others: readonly Service[]): Promise<void> {
    for (const { name } of old) {
      if (others.some(one => one.name === name)) await this.end(name)
      else await this.remove(name)
    }
    for (const service of others) await this.add(service)
  }

  /**
   * Stops and removes a service. The store keeps the operator's decision in case the service
   * returns.
   */
  async remove(name: string): Promise<void> {
    await this.end(name)
    removeFiles([join(this.deps.paths.serviceStates, `${name}.json`)], this.deps.log)
  }

  /**
   * Stops a service for as long as this scheduler runs. A later change of its desired state only
   * affects the next scheduler.
   */
  async end(name: string, reason: 'stop' | 'upgrade' = 'stop'): Promise<void> {
    const supervisor = this.supervisors.get(name)
    // A later change of the desired state finds no supervisor, so it does not start the service
    // again.
    this.supervisors.delete(name)
    await supervisor?.end(reason)
  }

  /**
   * Follows changes of the desired states from now on. Changes since the services were added are
   * included.
   */
  listen(): void {
    this.unsubscribe = this.deps.store.onChange(() => this.onChange(), ['services'])
    this.onChange()
  }

  /** Stops all services, the last added first. */
  async shutdown(): Promise<void> {
    this.unsubscribe()
    this.hearAgain = false
    await this.hearing
    for (const supervisor of [...this.supervisors.values()].reverse()) await supervisor.end('shutdown')
  }

  /** True if a service runs or is to be started. */
  isActive(name: string): boolean {
    return this.supervisors.get(name)?.active ?? false
  }

  /** Reason why an essential service does not run; undefined if there is none. */
  get trouble(): string | undefined {
    return [...this.supervisors.values()].map(({ trouble }) => trouble).find(one => one !== undefined)
  }

  /** Writes the current message of every service. */
  publish(): void {
    for (const supervisor of this.supervisors.values()) supervisor.publish()
  }

  /**
   * Reads the desired states, one reading at a time, so that no supervisor receives an older state
   * after a newer one. A service that starts slowly does not delay the others.
   */
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
        this.deps.log.error(`The desired states of the services could not be read: ${messageOf(error)}`)
      }
    }
  }

  private async readDesired(): Promise<Map<string, DesiredState>> {
    const list = await this.deps.store.call('services.list', {})
    return new Map(list.map(({ name, ...desired }) => [name, desired]))
  }
}
