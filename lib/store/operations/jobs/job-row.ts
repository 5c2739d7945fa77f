import { z } from 'zod'
import { ErrorRecord } from '../../../model/failure/error-record.ts'
import { Domain } from '../../../model/job/domains.ts'
import { WaitReason } from '../../../model/job/wait-reason.ts'
import { Job, JobId, JobSummary, UnresolvedField } from '../../../model/job/job.ts'
import { JsonValue } from '../../../model/json.ts'
import { ProxyId } from '../../../model/proxy/proxy-address.ts'
import { ProxyRequirement } from '../../../model/proxy/proxy.ts'

/** Returns the schema of a column that contains a structured value as JSON text. */
export function jsonText<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text, context) => {
      try {
        const value: unknown = JSON.parse(text)
        return value
      } catch {
        context.addIssue({ code: 'custom', message: 'the column does not contain JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** Columns of `jobs`, renamed to the fields of `Job`. `JobRow` parses the rows. */
export const JOB_COLUMNS = `
  id, workflow, input, state, priority, workers, due_at AS dueAt, attempt, failures, retries, scheduler_deaths AS schedulerDeaths,
  unique_key AS uniqueKey, origin, queued_at AS queuedAt, started_at AS startedAt, attempt_started_at AS attemptStartedAt, ended_at AS endedAt,
  cancel_requested_at AS cancelRequestedAt, result, error, proxy, proxies_tried AS proxiesTried, late_reports AS lateReports, after_failure AS afterFailure, domains, unresolved,
  (SELECT json_group_array(after_id) FROM job_dependencies WHERE job_id = jobs.id) AS after`

const Unresolved = jsonText(z.array(UnresolvedField)).nullable()

export const JobRow = z.object({
  ...Job.shape,
  input: jsonText(JsonValue),
  result: jsonText(JsonValue).nullable(),
  error: jsonText(ErrorRecord).nullable(),
  proxy: jsonText(ProxyRequirement).nullable(),
  proxiesTried: jsonText(z.array(ProxyId)),
  after: jsonText(z.array(JobId)),
  domains: jsonText(z.array(Domain)),
  unresolved: Unresolved,
})

export const JOB_SUMMARY_COLUMNS = `
  id, workflow, state, priority, workers, due_at AS dueAt, attempt, failures, retries, scheduler_deaths AS schedulerDeaths,
  unique_key AS uniqueKey, origin, queued_at AS queuedAt, started_at AS startedAt, attempt_started_at AS attemptStartedAt, ended_at AS endedAt,
  cancel_requested_at AS cancelRequestedAt, CASE WHEN json_valid(error) THEN json_extract(error, '$.message') END AS errorMessage, late_reports AS lateReports, domains, unresolved, wait_reason AS waitReason`

export const JobSummaryRow = JobSummary.extend({
  domains: jsonText(z.array(Domain)),
  waitReason: jsonText(WaitReason).nullable(),
  unresolved: Unresolved,
})

/** SQL for the next `seq`, which every statement that changes the state of a job contains. */
export const NEXT_SEQ = '(SELECT coalesce(max(seq), 0) + 1 FROM jobs)'
