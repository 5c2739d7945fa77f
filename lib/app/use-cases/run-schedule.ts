import { AutomateError } from '../../core/errors/errors.ts'
import { domainInInput } from '../../model/job/domains.ts'
import type { Schedule, ScheduleRun } from '../../model/schedule/schedule.ts'
import { findWorkflow } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Queues a schedule's job now, because a person asked for it.
 * @throws `schedule-missing` if there is no such schedule.
 * @throws `workflow-missing` if there is no such workflow.
 * @throws `workflow-invalid` if the workflow's module cannot be used.
 */
export async function runScheduleNow(
  project: Project,
  ask: <T>(use: (store: StoreCalls) => Promise<T>) => Promise<T>,
  name: string,
): Promise<ScheduleRun> {
  const schedule = await ask(store => findSchedule(store, name))
  // The store is not held during this call, because the author's code may take long.
  const workflow = await findWorkflow(project, schedule.workflow)
  const { workers, retries } = workflow
  const from = { workers, retries, domains: domainInInput(workflow, schedule.input) }
  return ask(store => store.call('schedules.run', { name, from }))
}

/**
 * Returns a schedule by its name.
 * @throws `schedule-missing`
 */
export async function findSchedule(store: StoreCalls, name: string): Promise<Schedule> {
  const found = (await store.call('schedules.list', {})).find(one => one.name === name)
  if (found !== undefined) return found
  throw new AutomateError(
    'schedule-missing',
    `There is no schedule "${name}". "automate-tui schedules" lists the schedules.`,
  )
}
