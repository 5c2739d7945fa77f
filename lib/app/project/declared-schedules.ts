import { sanitiseLine } from '../../core/text/sanitise.ts'
import type { Schedule } from '../../model/schedule/schedule.ts'
import type { Project } from './project.ts'
import { wordsOf } from './project.ts'
import type { StoreCalls } from './with-store.ts'

/**
 * Stores the configured schedules if no scheduler runs. A running scheduler has stored them itself
 * at its start. Reports a schedule on stderr if an operator has given its name to another schedule.
 */
export async function declareSchedules(project: Project, store: StoreCalls, alone: boolean): Promise<void> {
  if (!alone) return
  const { schedules } = project.resolved.config
  const { refused } = await store.call('schedules.declare', {
    schedules: [...schedules],
    removeOthers: false,
  })
  for (const name of refused)
    process.stderr.write(`${sanitiseLine(wordsOf(project).schedules.nameTaken(name))}\n`)
}

/**
 * Returns the schedules that a scheduler would have if it started now with the configuration of
 * this command.
 */
export async function knownSchedules(
  project: Project,
  store: StoreCalls,
  alone: boolean,
): Promise<Schedule[]> {
  const schedules = await store.call('schedules.list', {})
  if (!alone) return schedules
  const declared = new Set(project.resolved.config.schedules.map(({ name }) => name))
  return schedules.filter(({ name, source }) => source === 'operator' || declared.has(name))
}
