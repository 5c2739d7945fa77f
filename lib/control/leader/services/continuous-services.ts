import { dirname } from 'node:path'
import { messageOf } from '../../../core/errors/errors.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { KnownWorkflows } from '../../workflow-catalogue.ts'
import { cancelLeftJob, continuousService, serviceName, workflowsWithService } from './continuous-service.ts'
import type { Service } from '../../service.ts'
import type { Services, ServicesDependencies } from './services.ts'

interface Kept {
  readonly service: Service
  /** As the workflow was read last. */
  workflow: WorkflowDescription
  added: boolean
}

/** A service for each continuous workflow, from the moment the workflow is known until it is gone, or continuous no longer. */
export class ContinuousServices {
  private readonly deps: ServicesDependencies
  private readonly services: Services
  /** By the names of their workflows. */
  private readonly kept = new Map<string, Kept>()
  /** Workflows that had a service under an earlier scheduler, until this one has taken or ended it; undefined before the store was asked. */
  private earlier: Set<string> | undefined
  private work: Promise<void> = Promise.resolve()
  /** True while the scheduler waits for its restart into another version. */
  private isSuspended = false

  constructor(deps: ServicesDependencies, services: Services) {
    this.deps = deps
    this.services = services
  }

  /** Hears what is known of the workflows now; `isComplete`: a workflow that is not there does not exist. */
  keep({ workflows, broken, absent = [] }: KnownWorkflows, isComplete: boolean): void {
    if (this.isSuspended) return
    const known = new Map(workflows.map(workflow => [workflow.name, workflow]))
    const isUnread = ({ file }: WorkflowDescription) =>
      broken.some(one => one.file === file) || absent.includes(dirname(file))
    for (const [name, kept] of this.kept) {
      const workflow = known.get(name)
      if (workflow?.continuous === true) kept.workflow = workflow
      // A module that cannot be read is being mended, and a folder that is away is being replaced: its job runs on as it began.
      else if (workflow !== undefined || (isComplete && !isUnread(kept.workflow))) this.drop(name, kept)
    }
    for (const workflow of workflows)
      if (workflow.continuous && !this.kept.has(workflow.name)) this.take(workflow)
    if (this.earlier?.size === 0) return
    // A module that cannot be read may be any of them.
    const all = isComplete && broken.length === 0 && absent.length === 0
    this.work = this.work.then(() => this.endEarlier(name => all || known.has(name)))
  }

  /** Ends what an earlier scheduler left of services whose workflow is gone, or continuous no longer. */
  private async endEarlier(isRead: (name: string) => boolean): Promise<void> {
    const { store, log } = this.deps
    try {
      this.earlier ??= new Set(await workflowsWithService(store))
      for (const name of this.earlier) {
        if (!this.kept.has(name)) {
          if (!isRead(name)) continue
          await cancelLeftJob(store, name)
          await this.services.remove(serviceName(name))
        }
        this.earlier.delete(name)
      }
    } catch (error) {
      // Tried again when the workflows are heard of again.
      log.error(`The jobs of services that are gone could not be cancelled: ${messageOf(error)}`)
    }
  }

  /** Stops all services and cancels their jobs, which may not end by themselves, until `resume` or the next scheduler. What an operator wants of them stays. */
  suspend(): Promise<void> {
    this.isSuspended = true
    this.work = this.work.then(() => this.endAll())
    return this.work
  }

  private async endAll(): Promise<void> {
    for (const kept of this.kept.values()) {
      if (!kept.added) continue
      kept.added = false
      const { name } = kept.service
      if (this.services.isActive(name))
        this.deps.log.info(`Service ${name} stops until the scheduler has restarted.`)
      await this.services.end(name, 'upgrade')
    }
  }

  /** Goes on after `suspend`: the services that are to run queue new jobs. Returns false if there was none. */
  resume(): boolean {
    if (!this.isSuspended) return false
    this.isSuspended = false
    for (const kept of this.kept.values())
      this.work = this.work.then(() => (kept.added ? undefined : this.add(kept)))
    return true
  }

  /** Names of the services that queue one job after the other, or are just being added. */
  get active(): string[] {
    return [...this.kept.values()]
      .filter(({ added, service }) => !added || this.services.isActive(service.name))
      .map(({ service }) => service.name)
  }

  /** Resolves when all that were to be added are, and those that were to go are gone. */
  settled(): Promise<void> {
    return this.work
  }

  private take(workflow: WorkflowDescription): void {
    const { store, clock, log } = this.deps
    const kept: Kept = {
      workflow,
      added: false,
      service: continuousService(
        store,
        workflow.name,
        () => kept.workflow,
        () => clock.now(),
        log,
      ),
    }
    this.kept.set(workflow.name, kept)
    this.work = this.work.then(() => this.add(kept))
  }

  private async add(kept: Kept): Promise<void> {
    try {
      await this.services.add(kept.service)
      if (kept.service.doing() === null) await cancelLeftJob(this.deps.store, kept.workflow.name)
      kept.added = true
    } catch (error) {
      const { name } = kept.workflow
      // Unless another has taken its place, it is tried again when the workflows are heard of again.
      if (this.kept.get(name) === kept) this.kept.delete(name)
      this.deps.log.error(`The service of workflow "${name}" could not be added: ${messageOf(error)}`)
    }
  }

  private drop(name: string, { service }: Kept): void {
    this.kept.delete(name)
    this.deps.log.info(`Service ${service.name} is removed: its workflow is gone, or continuous no longer.`)
    this.work = this.work.then(() => this.services.remove(service.name))
  }
}
