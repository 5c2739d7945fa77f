import type { ScheduleSpec } from '../../model/schedule/schedule.ts'
import type { CommandResult } from '../port/snapshot.ts'
import { findWorkflow, inputProblem } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Stores a schedule that the operator asks for in the console, as `schedules add` does. Its workflow is described anew, since its file may have changed.
 * Thrown with code `workflow-missing`, `workflow-invalid`, or `usage` when there is one of its name that it may not take the place of.
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
