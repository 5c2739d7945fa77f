import { z } from 'zod'

const amount = z.number().nonnegative()

/** What a scheduler keeps of the history of its project; the settings of these names say so. */
export const RetentionSettings = z.object({
  keepJobsMs: amount,
  keepLogsMs: amount,
  logsLimitBytes: amount,
  tracesLimitBytes: amount,
  keepBackups: amount,
})
export type RetentionSettings = z.infer<typeof RetentionSettings>

/** What the last scheduler of the whole project kept. `data/retention.json`. */
export const RetentionDocument = RetentionSettings.extend({
  kind: z.literal('retention'),
  version: z.literal(1),
})
