import type { ScheduleSpec } from '../../model/schedule/schedule.ts'
import type { CommandResult } from '../port/snapshot.ts'
import { findWorkflow, inputProblem } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Stores a schedule that the operator creates in the console, as `schedules add` does. Reads its
 * workflow again, because the file may have changed.
 * @throws `workflow-missing` if there is no such workflow.
 * @throws `workflow-invalid` if the workflow's module cannot be used.
 * @throws `usage` if a schedule of the same name exists and must not be replaced.
 */
export async function putSchedule(
  project: Project,
  store: StoreCalls,
  schedule: ScheduleSpec,
  replace: boolean,
): Promise<CommandResult> {
  const problem = inputProblem(await findWorkflow(project, schedule.workflow), schedule.input)
  if (problem !== null) return { ok: false, message: problem }
  await store.call('schedules.put', { schedule, replace })
  return { ok: true }
}
