import type { MemberRef } from '../model/worker/documents.ts'

/** `job_12_attempt_1_member_3`: the stem of the names of what a worker leaves in the log folders. */
export function memberStem({
  jobId,
  attempt,
  member,
}: Pick<MemberRef, 'jobId' | 'attempt' | 'member'>): string {
  return `job_${jobId}_attempt_${attempt}_member_${member}`
}

/** `worker_w1_chrome_2`: the stem of the names of what a worker's `nth` Chrome leaves in the log folders, until it has a job to be named after. */
export function chromeStem(workerId: string, nth: number): string {
  return `worker_${workerId}_chrome_${nth}`
}
