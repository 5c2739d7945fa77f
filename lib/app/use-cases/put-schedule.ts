import type { ScheduleSpec } from '../../model/schedule/schedule.ts'
import type { CommandResult } from '../port/snapshot.ts'
import { findWorkflow, inputProblem } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Stores a schedule that the operator creates in the console, as `schedules add` does. Reads its
 * workflow again, because the file may have changed.
 * @throws `workflow-missing`
 * @throws `workflow-invalid`
 * @throws `usage` if there is a schedule of its name that it must not replace.
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
