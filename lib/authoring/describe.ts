import { AutomateError } from '../core/errors/errors.ts'
import { WorkflowDescription } from '../model/job/workflow.ts'
import type { RunnableWorkflow } from './workflow-runtime.ts'

/**
 * What the scheduler and the screens may know of a workflow. `file` is the module it came from.
 * Thrown with code `workflow-invalid` when it has no phases, or an input that JSON Schema cannot say.
 */
export function describeWorkflow(workflow: RunnableWorkflow, file: string): WorkflowDescription {
  if (workflow.phases.length === 0) {
    throw new AutomateError(
      'workflow-invalid',
      `Workflow "${workflow.name}" has no phases. Add one: .phase("open", { timeout: "20s" }, async ({ page }) => { … }).`,
    )
  }
  const { name, summary, phases, workers, isolation, retries, continuous, hasTarget, recovery } = workflow
  const { proxy, credentials, concurrency, domains, swarm } = workflow
  return WorkflowDescription.parse({
    name,
    summary,
    file,
    phases,
    workers,
    isolation,
    retries,
    continuous,
    hasTarget,
    ...(recovery === undefined ? {} : { recovery }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(domains === undefined ? {} : { domains }),
    ...(swarm === undefined ? {} : { swarm }),
    proxy,
    credentials,
    inputSchema: workflow.inputSchema(),
  })
}
