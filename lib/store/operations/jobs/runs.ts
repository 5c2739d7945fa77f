import { z } from 'zod'
import { JobId } from '../../../model/job/job.ts'
import { JsonValue } from '../../../model/json.ts'
import { jsonText } from './job-row.ts'
import { defineOperation } from '../define.ts'
import { parseRows } from '../parse-rows.ts'

const RunNews = z.object({
  id: JobId,
  cancelRequested: z.boolean(),
  best: z.object({ result: JsonValue, targetMet: z.boolean() }).nullable(),
})

const Flag = z.int().transform(n => n === 1)

const Row = z.object({
  id: JobId,
  cancelRequested: Flag,
  targetMet: Flag.nullable(),
  result: jsonText(JsonValue).nullable(),
})

/** Returns the requested cancellations and the best results of all running jobs in one call. */
const runNews = defineOperation({
  name: 'runs.news',
  kind: 'read',
  input: z.object({}),
  output: z.array(RunNews),
  run: db =>
    db
      .all(
        `SELECT jobs.id AS id, cancel_requested_at IS NOT NULL AS cancelRequested, target_met AS targetMet, offers.result AS result
         FROM jobs LEFT JOIN offers ON offers.job_id = jobs.id AND offers.attempt = jobs.attempt WHERE jobs.state = 'running'`,
      )
      .flatMap(parseRows(Row))
      .map(({ id, cancelRequested, targetMet, result }) => ({
        id,
        cancelRequested,
        best: targetMet === null ? null : { result, targetMet },
      })),
})

export const runOperations = {
  [runNews.name]: runNews,
}
