import { z } from 'zod'
import { describeIssues } from '../../model/issues.ts'
import { ScheduleRequest } from '../../model/schedule/schedule-request.ts'
import type { ScheduleSpec } from '../../model/schedule/schedule.ts'
import { fromJsonText } from '../json-text.ts'

const MUST = 'must be a list of { name, workflow, cron or every }, as JSON in the environment'

const Named = z.object({ name: z.string() })

/**
 * Schema of the schedules that the project's developer defines. Each schedule is checked
 * separately, so that the error names the wrong schedule and the place of the fault.
 */
export const SchedulesSetting = z
  .custom<readonly ScheduleRequest[] | string>()
  .transform((value, context): readonly unknown[] => {
    const list = z.array(z.unknown()).safeParse(fromJsonText(value))
    if (list.success) return list.data
    context.addIssue({ code: 'custom', message: MUST })
    return z.NEVER
  })
  .transform((list, context): ScheduleSpec[] => {
    const known = new Set<string>()
    return list.flatMap((one, index) => {
      const which = Named.safeParse(one).data?.name ?? `number ${index + 1}`
      const parsed = ScheduleRequest.safeParse(one)
      if (!parsed.success) {
        context.addIssue({ code: 'custom', message: `schedule ${which}: ${describeIssues(parsed.error)}` })
        return []
      }
      if (known.has(which))
        context.addIssue({ code: 'custom', message: `schedule ${which} is defined twice` })
      known.add(which)
      return [parsed.data]
    })
  })
