import type { MemberRef } from '../model/worker/documents.ts'

/**
 * Returns the beginning that the names of all of a worker's files in the log folders share:
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
 * Returns the beginning of the names of the log files of a worker's `nth` Chrome. It is used until
 * that Chrome has a job: `worker_w1_chrome_2`.
 */
export function chromeStem(workerId: string, nth: number): string {
  return `worker_${workerId}_chrome_${nth}`
}
