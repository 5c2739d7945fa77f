import { z } from 'zod'
import { JobId } from '../../../model/job/job.ts'
import { MemberRecord } from '../../../model/job/member-record.ts'
import { Outcome } from '../../../model/job/outcome.ts'
import { PhaseRecord } from '../../../model/job/phase.ts'
import { jsonText } from './job-row.ts'
import { defineOperation } from '../define.ts'
import { standingOf } from '../coordination/known-attempts.ts'
import { parseRows } from '../parse-rows.ts'

const Row = MemberRecord.extend({ outcome: jsonText(Outcome), history: jsonText(z.array(PhaseRecord)) })

/**
 * Stores the outcome of one worker's share of an attempt. If an outcome is already stored, it is
 * not changed. Refuses an attempt that the database has not begun (see `standingOf`).
 */
const recordMember = defineOperation({
  name: 'members.record',
  kind: 'write',
  input: MemberRecord,
  output: z.object({ status: z.enum(['recorded', 'job-gone', 'foreign']) }),
  run(db, member) {
    const status = standingOf(db, member)
    if (status !== 'known') return { status }
    db.run(
      `INSERT INTO members (worker_id, job_id, attempt, member, members, ended_at, outcome, history)
       VALUES ($workerId, $jobId, $attempt, $member, $members, $endedAt, $outcome, $history) ON CONFLICT DO NOTHING`,
      {
        workerId: member.workerId,
        jobId: member.jobId,
        attempt: member.attempt,
        member: member.member,
        members: member.members,
        endedAt: member.endedAt,
        outcome: JSON.stringify(member.outcome),
        history: JSON.stringify(member.history),
      },
    )
    return { status: 'recorded' as const }
  },
})

/** Returns the workers of a job, ordered by attempt. */
const listMembers = defineOperation({
  name: 'members.list',
  kind: 'read',
  input: z.object({ jobId: JobId }),
  output: z.array(MemberRecord),
  run(db, { jobId }) {
    return db
      .all(
        `SELECT worker_id AS workerId, job_id AS jobId, attempt, member, members, ended_at AS endedAt, outcome, history
         FROM members WHERE job_id = $jobId ORDER BY attempt, member`,
        { jobId },
      )
      .flatMap(parseRows(Row))
  },
})

export const memberOperations = {
  [recordMember.name]: recordMember,
  [listMembers.name]: listMembers,
}
