import { existsSync } from 'node:fs'
import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import { isWorkflow } from '../../authoring/workflow-runtime.ts'
import type { RunnableWorkflow } from '../../authoring/workflow-runtime.ts'
import { importProjectModule } from './import-project-module.ts'

/**
 * Imports a workflow module and returns its default export. The import runs the author's code, so
 * this function is called only in a worker or in the describing child.
 * @throws `workflow-missing` if there is no such file; `workflow-invalid` if the file cannot be
 * imported or exports no workflow.
 */
export async function loadWorkflow(file: string): Promise<RunnableWorkflow> {
  if (!existsSync(file)) {
    throw new AutomateError('workflow-missing', `There is no workflow module ${file}.`, { facts: { file } })
  }
  const workflow = await importWorkflow(file)
  if (isWorkflow(workflow)) return workflow
  throw new AutomateError(
    'workflow-invalid',
    `${file} does not export a workflow. Its default export must be the result of defineWorkflow: "export default defineWorkflow({ … }).phase(…)".`,
    { facts: { file } },
  )
}

async function importWorkflow(file: string): Promise<unknown> {
  try {
    return await importProjectModule(file)
  } catch (error) {
    if (isAutomateError(error)) throw error
    throw new AutomateError('workflow-invalid', `${file} cannot be loaded: ${messageOf(error)}`, {
      facts: { file },
      cause: error,
    })
  }
}
