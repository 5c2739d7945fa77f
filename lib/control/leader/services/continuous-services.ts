import { dirname } from 'node:path'
import { messageOf } from '../../../core/errors/errors.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { KnownWorkflows } from '../../workflow-catalogue.ts'
import { cancelLeftJob, continuousService, serviceName, workflowsWithService } from './continuous-service.ts'
import type { Service } from '../../service.ts'
import type { Services, ServicesDependencies } from './services.ts'

interface Kept {
  readonly service: Service
  /** Description of the workflow from the last reading. */
  workflow: WorkflowDescription
  added: boolean
}

/**
 * Maintains a service for each continuous workflow, from the first time it is read until it is
 * removed or no longer continuous.
 */
export class ContinuousServices {
  private readonly deps: ServicesDependencies
  private readonly services: Services
  /** Services by workflow name. */
  private readonly kept = new Map<string, Kept>()
  /**
   * Names of the workflows that had a service under an earlier scheduler, until this scheduler has
   * taken over or ended that service. Undefined until the store has been read.
   */
  private earlier: Set<string> | undefined
  private work: Promise<void> = Promise.resolve()
  /** True while the scheduler is waiting to restart into another version. */
  private isSuspended = false

  constructor(deps: ServicesDependencies, services: Services) {
    this.deps = deps
    this.services = services
  }

  /**
   * Updates the services to the known workflows. If `isComplete` is true, a workflow that is not
   * known does not exist.
   */
  keep({ workflows, broken, absent = [] }: KnownWorkflows, isComplete: boolean): void {
    if (this.isSuspended) return
    const known = new Map(workflows.map(workflow => [workflow.name, workflow]))
    const isUnread = ({ file }: WorkflowDescription) =>
      broken.some(one => one.file === file) || absent.includes(dirname(file))
    for (const [name, kept] of this.kept) {
      const workflow = known.get(name)
      if (workflow?.continuous === true) kept.workflow = workflow
      // A module that cannot be read may be in the middle of a correction, and a missing folder in
      // the middle of a replacement. The job therefore continues unchanged.
      else if (workflow !== undefined || (isComplete && !isUnread(kept.workflow))) this.drop(name, kept)
    }
    for (const workflow of workflows)
      if (workflow.continuous && !this.kept.has(workflow.name)) this.take(workflow)
    if (this.earlier?.size === 0) return
    // A module that cannot be read may export any of the earlier workflows.
    const all = isComplete && broken.length === 0 && absent.length === 0
    this.work = this.work.then(() => this.endEarlier(name => all || known.has(name)))
  }

  /**
   * Ends the services of an earlier scheduler whose workflows were removed or are no longer
   * continuous.
   */
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
      // The next update of the workflows tries again.
      log.error(`The jobs of removed services could not be cancelled: ${messageOf(error)}`)
    }
  }

  /**
   * Stops all services until `resume` is called or the next scheduler starts. Cancels their jobs,
   * which may not end by themselves. The desired states of the services do not change.
   */
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

  /**
   * Ends a suspension, so that the services that should run queue new jobs. Returns false if there
   * was no suspension.
   */
  resume(): boolean {
    if (!this.isSuspended) return false
    this.isSuspended = false
    for (const kept of this.kept.values())
      this.work = this.work.then(() => (kept.added ? undefined : this.add(kept)))
    return true
  }

  /** Names of the services that keep a job queued or running, or that are being added. */
  get active(): string[] {
    return [...this.kept.values()]
      .filter(({ added, service }) => !added || this.services.isActive(service.name))
      .map(({ service }) => service.name)
  }

  /** Resolves when all additions and removals are done. */
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
      // The next update of the workflows tries again, unless another service has taken its place.
      if (this.kept.get(name) === kept) this.kept.delete(name)
      this.deps.log.error(`The service of workflow "${name}" could not be added: ${messageOf(error)}`)
    }
  }

  private drop(name: string, { service }: Kept): void {
    this.kept.delete(name)
    this.deps.log.info(
      `Service ${service.name} is removed, because its workflow was removed or is no longer continuous.`,
    )
    this.work = this.work.then(() => this.services.remove(service.name))
  }
}
