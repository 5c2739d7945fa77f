import type { Json } from '../../core/errors/errors.ts'
import { domainInInput } from '../../model/job/domains.ts'
import type { CommandResult } from '../port/snapshot.ts'
import { findWorkflow, inputProblem } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Queues a job that the operator starts in the console. Reads its workflow again, because the file
 * may have changed.
 * @throws `workflow-missing` if there is no such workflow.
 * @throws `workflow-invalid` if the workflow's module cannot be used.
 */
export async function startJob(
  project: Project,
  store: StoreCalls,
  name: string,
  input: Json,
): Promise<CommandResult> {
  const workflow = await findWorkflow(project, name)
  const problem = inputProblem(workflow, input)
  if (problem !== null) return { ok: false, message: problem }
  const { id } = await store.call('jobs.enqueue', {
    workflow: workflow.name,
    input,
    domains: domainInInput(workflow, input),
    workers: workflow.workers,
    priority: 0,
    retries: workflow.retries,
    origin: 'operator',
  })
  return { ok: true, jobId: id }
}
