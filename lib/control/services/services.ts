import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { ProjectPaths } from '../../core/paths.ts'
import type { Store } from '../../store/store.ts'
import { ServiceKeeper } from './service-keeper.ts'
import type { Service } from './service.ts'

export interface ServicesDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
}

/** Keeps all services as the operator wants them, and hears of new wishes from the store. */
export class Services {
  private readonly deps: ServicesDependencies
  private readonly keepers = new Map<string, ServiceKeeper>()
  private unsubscribe: () => void = () => undefined

  constructor(deps: ServicesDependencies) {
    this.deps = deps
  }

  /** Makes a service known, and starts it when that is wanted. */
  async add(service: Service): Promise<void> {
    await this.deps.store.call('services.declare', { name: service.name, desired: service.desiredAtFirst })
    const wish = (await this.wishes()).get(service.name) ?? { desired: service.desiredAtFirst, generation: 0 }
    const keeper = new ServiceKeeper(this.deps, service, wish)
    this.keepers.set(service.name, keeper)
    await keeper.want(wish)
  }

  listen(): void {
    this.unsubscribe = this.deps.store.onChange(tables => {
      if (tables.includes('services')) void this.hear()
    })
    // What was wished while the services were being added.
    void this.hear()
  }

  /** Stops all, the newest first. */
  async shutdown(): Promise<void> {
    this.unsubscribe()
    for (const keeper of [...this.keepers.values()].reverse()) await keeper.shutdown()
  }

  /** Writes every service's present message. */
  publish(): void {
    for (const keeper of this.keepers.values()) keeper.publish()
  }

  private async hear(): Promise<void> {
    try {
      for (const [name, wish] of await this.wishes()) await this.keepers.get(name)?.want(wish)
    } catch (error) {
      this.deps.log.error(`The wishes for services could not be read: ${messageOf(error)}`)
    }
  }

  private async wishes() {
    const list = await this.deps.store.call('services.list', {})
    return new Map(list.map(({ name, desired, generation }) => [name, { desired, generation }]))
  }
}
