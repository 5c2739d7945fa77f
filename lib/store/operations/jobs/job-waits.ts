import { z } from 'zod'
import { AccountRef } from '../../../model/worker/account.ts'
import { WaitReason } from '../../../model/job/wait-reason.ts'
import { ENDED_STATES, JobId, JobState } from '../../../model/job/job.ts'
import { ACCOUNT_FREE, LEASE_HELD } from '../logins/account-lease.ts'
import { defineOperation } from '../define.ts'
import { sqlList } from './find-job.ts'
import { jsonText } from './job-row.ts'
import { parseRows } from '../parse-rows.ts'
import { SCHEDULE_OF_WAITING } from '../schedules/schedule-turn.ts'

const OpenJob = z.object({ id: JobId, state: JobState })
const UsedAccount = AccountRef.extend({ jobId: JobId.nullable() })
const ReasonRow = z.object({ reason: jsonText(WaitReason).nullable() })

/**
 * Returns everything in the store that may block a job: dependencies that have not ended, the
 * running job of its schedule, its account if another job uses it, and the last recorded wait
 * reason, which may be out of date. Empty if the job does not exist.
 */
const readWaits = defineOperation({
  name: 'jobs.waits',
  kind: 'read',
  input: z.object({ id: JobId }),
  output: z.object({
    after: z.array(OpenJob),
    account: UsedAccount.nullable(),
    reason: WaitReason.nullable(),
  }),
  run(db, { id }) {
    const after = db
      .all(
        `SELECT after_id AS id, state FROM job_dependencies JOIN jobs ON jobs.id = after_id
         WHERE job_id = $id AND state NOT IN (${sqlList(ENDED_STATES)})
         UNION
         SELECT id, state FROM jobs WHERE state = 'running' AND origin = ${SCHEDULE_OF_WAITING} ORDER BY id`,
        { id },
      )
      .flatMap(parseRows(OpenJob))
    const [account = null] = db
      .all(
        `SELECT account_site AS site, account, coalesce(
           (SELECT min(other.id) FROM jobs AS other
            WHERE other.account_site = jobs.account_site AND other.account = jobs.account AND other.state = 'running'),
           (SELECT job_id FROM sessions
            WHERE sessions.site = jobs.account_site AND sessions.account = jobs.account AND ${LEASE_HELD})) AS jobId
         FROM jobs WHERE id = $id AND NOT ${ACCOUNT_FREE}`,
        { id },
      )
      .flatMap(parseRows(UsedAccount))
    const [row] = db
      .all('SELECT wait_reason AS reason FROM jobs WHERE id = $id', { id })
      .flatMap(parseRows(ReasonRow))
    return { after, account, reason: row?.reason ?? null }
  },
})

export const jobWaitOperations = { [readWaits.name]: readWaits }
