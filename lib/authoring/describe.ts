import { AutomateError } from '../core/errors/errors.ts'
import { WorkflowDescription } from '../model/job/workflow.ts'
import type { RunnableWorkflow } from './workflow-runtime.ts'

/**
 * Returns the description of a workflow for the scheduler and the screens. `file` is its module.
 * @throws `workflow-invalid` if the workflow has no phases, or an input that JSON Schema cannot
 * express.
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
