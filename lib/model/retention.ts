import { z } from 'zod'

const amount = z.number().nonnegative()

/** Retention of a project's history, by the settings of these names. */
export const RetentionSettings = z.object({
  keepJobsMs: amount,
  keepLogsMs: amount,
  logsLimitBytes: amount,
  tracesLimitBytes: amount,
  keepBackups: amount,
})
export type RetentionSettings = z.infer<typeof RetentionSettings>

/** Retention settings of the last scheduler of the whole project, in `data/retention.json`. */
export const RetentionDocument = RetentionSettings.extend({
  kind: z.literal('retention'),
  version: z.literal(1),
})
