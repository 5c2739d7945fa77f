import { AutomateError } from '../../core/errors/errors.ts'
import { domainInInput } from '../../model/job/domains.ts'
import type { Schedule, ScheduleRun } from '../../model/schedule/schedule.ts'
import { findWorkflow } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Queues a schedule's job now, at the request of a person.
 * @throws `schedule-missing`
 * @throws `workflow-missing`
 * @throws `workflow-invalid`
 */
export async function runScheduleNow(
  project: Project,
  ask: <T>(use: (store: StoreCalls) => Promise<T>) => Promise<T>,
  name: string,
): Promise<ScheduleRun> {
  const schedule = await ask(store => findSchedule(store, name))
  // The code may take long, so the store is not held during this call.
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
