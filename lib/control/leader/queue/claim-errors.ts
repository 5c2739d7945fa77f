import { AutomateError } from '../../../core/errors/errors.ts'
import { localTime } from '../../../core/time/local-time.ts'
import type { ClaimedJob } from '../../../model/job/job.ts'
import type { MissingWorkflow } from '../../../model/job/missing-workflow.ts'

/**
 * Most secrets of a job. Each takes 10 kB in every process that knows it, and time for each line
 * that is written.
 */
export const MAX_SECRETS = 1_000

/** Returns the reason why the jobs of a workflow wait for it, with the remedy. */
export function missingWords(missing: MissingWorkflow): string {
  const end = missing.until === undefined ? '' : ` by ${localTime(missing.until)}, or they fail`
  switch (missing.why) {
    case 'broken':
      return `${missing.problems.join('; ')}. Correct the file${end}: they start by themselves then.`
    case 'folder':
      return `the folder ${missing.folder} does not exist, or no workflow is in it. Put the files back${end}: they start by themselves then.`
    case 'removed':
      return `no file exports it. Put its file back${end}: they start by themselves then.`
  }
}

/** Returns the error of a job after the removal of its workflow. */
export function workflowMissing({ workflow }: ClaimedJob): AutomateError {
  return new AutomateError(
    'workflow-missing',
    `No file of this project exports a workflow "${workflow}" now. Put its file back into the workflows folder and retry the job.`,
  )
}

/** Returns the error of a job with more than `MAX_SECRETS`. */
export function tooManySecrets({ workflow }: ClaimedJob, count: number): AutomateError {
  return new AutomateError(
    'input-invalid',
    `The input of "${workflow}" holds ${count} secrets, and a job can have ${MAX_SECRETS}: every line that is written is searched for each of them. Divide the work into more jobs, or read the secrets in the workflow.`,
  )
}
