import type { MemberRef } from '../domain/documents.ts'

/** `job_12_attempt_1_member_3`: the stem of the names of what a worker leaves in the log folders. */
export function memberStem({
  jobId,
  attempt,
  member,
}: Pick<MemberRef, 'jobId' | 'attempt' | 'member'>): string {
  return `job_${jobId}_attempt_${attempt}_member_${member}`
}
