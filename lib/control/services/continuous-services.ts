import { messageOf } from '../../core/errors.ts'
import type { WorkflowDescription } from '../../domain/workflow.ts'
import { continuousService } from './continuous-service.ts'
import type { Services, ServicesDependencies } from './services.ts'

/** A service for each continuous workflow, from the moment the workflow is known. */
export class ContinuousServices {
  private readonly deps: ServicesDependencies
  private readonly services: Services
  private readonly added = new Set<string>()
  private adding: Promise<void> = Promise.resolve()

  constructor(deps: ServicesDependencies, services: Services) {
    this.deps = deps
    this.services = services
  }

  /** Adds what is new among the workflows. */
  keep(workflows: readonly WorkflowDescription[]): void {
    for (const workflow of workflows) {
      if (!workflow.continuous || this.added.has(workflow.name)) continue
      this.added.add(workflow.name)
      this.adding = this.adding.then(() => this.add(workflow))
    }
  }

  /** Resolves when all that were to be added are. */
  settled(): Promise<void> {
    return this.adding
  }

  private async add(workflow: WorkflowDescription): Promise<void> {
    const { store, clock, log } = this.deps
    try {
      await this.services.add(continuousService(store, workflow, () => clock.now(), log))
    } catch (error) {
      this.added.delete(workflow.name)
      log.error(`The service of workflow "${workflow.name}" could not be added: ${messageOf(error)}`)
    }
  }
}
