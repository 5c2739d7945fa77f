import type { MemberRef } from '../model/worker/documents.ts'

/**
 * Returns the stem of the names of a worker's files in the log folders:
 * `job_12_attempt_1_member_3`.
 */
export function memberStem({
  jobId,
  attempt,
  member,
}: Pick<MemberRef, 'jobId' | 'attempt' | 'member'>): string {
  return `job_${jobId}_attempt_${attempt}_member_${member}`
}

/**
 * Returns the stem of the names of the files of a worker's `nth` Chrome in the log folders, used
 * until the Chrome has a job: `worker_w1_chrome_2`.
 */
export function chromeStem(workerId: string, nth: number): string {
  return `worker_${workerId}_chrome_${nth}`
}
