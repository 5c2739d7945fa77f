/** Fields of a schedule's form. The name of an existing schedule is fixed. */
export const SCHEDULE_FIELDS = [
  'name',
  'workflow',
  'cron',
  'every',
  'timeZone',
  'activeHours',
  'jitter',
  'catchUp',
  'overlap',
  'input',
] as const
export type ScheduleField = (typeof SCHEDULE_FIELDS)[number]

export const isScheduleField = (name: string): name is ScheduleField =>
  SCHEDULE_FIELDS.some(each => each === name)
