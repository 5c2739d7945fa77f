import { AutomateError } from '../../../core/errors/errors.ts'
import { localTime } from '../../../core/time/local-time.ts'
import type { ClaimedJob } from '../../../model/job/job.ts'
import type { MissingWorkflow } from '../../../model/job/missing-workflow.ts'

/**
 * Maximum number of secrets of a job. Each secret takes 10 kB in every process that knows it, and
 * time for each line that is written.
 */
export const MAX_SECRETS = 1_000

/** Returns the reason why the jobs of a workflow wait for it, with the remedy. */
export function missingWords(missing: MissingWorkflow): string {
  const end = missing.until === undefined ? '' : ` by ${localTime(missing.until)}, or they fail`
  switch (missing.why) {
    case 'broken':
      return `${missing.problems.join('; ')}. Correct the file${end}. The jobs then start automatically.`
    case 'folder':
      return `the folder ${missing.folder} does not exist or contains no workflow. Put the files back${end}. The jobs then start automatically.`
    case 'removed':
      return `no file exports this workflow. Put its file back${end}. The jobs then start automatically.`
  }
}

/** Returns the error of a job whose workflow was removed. */
export function workflowMissing({ workflow }: ClaimedJob): AutomateError {
  return new AutomateError(
    'workflow-missing',
    `No file of this project exports a workflow "${workflow}". Put its file back into the workflows folder, then retry the job.`,
  )
}

/** Returns the error of a job with more than `MAX_SECRETS` secrets. */
export function tooManySecrets({ workflow }: ClaimedJob, count: number): AutomateError {
  return new AutomateError(
    'input-invalid',
    `The input of "${workflow}" contains ${count} secrets, but a job can have at most ${MAX_SECRETS}, because every output line is searched for each secret. Divide the work into more jobs, or read the secrets in the workflow.`,
  )
}
