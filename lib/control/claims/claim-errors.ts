import { AutomateError } from '../../core/errors.ts'
import type { ClaimedJob } from '../../domain/job.ts'

/** Each takes 10 kB in every process that knows it, and time in each line that is written. */
export const MAX_SECRETS = 1_000

/** The error of a job whose workflow was removed. */
export function workflowMissing({ workflow }: ClaimedJob): AutomateError {
  return new AutomateError(
    'workflow-missing',
    `There is no workflow "${workflow}" in this project now. Put its file back into the workflows folder and retry the job.`,
  )
}

/** The error of a job with more than `MAX_SECRETS`. */
export function tooManySecrets({ workflow }: ClaimedJob, count: number): AutomateError {
  return new AutomateError(
    'input-invalid',
    `The input of "${workflow}" holds ${count} secrets, and a job can have ${MAX_SECRETS}: every line that is written is searched for each of them. Divide the work into more jobs, or read the secrets in the workflow.`,
  )
}
