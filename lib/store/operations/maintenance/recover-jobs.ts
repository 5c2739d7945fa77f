import { z } from 'zod'
import { ChannelName } from '../../../model/failure/notified-marker.ts'
import { Instant } from '../../../model/json.ts'
import { JobId, JobState, jobEnded } from '../../../model/job/job.ts'
import type { Notification } from '../../../model/notify/notification.ts'
import { dropAttempt } from '../coordination/attempt-cleanup.ts'
import { defineOperation } from '../define.ts'
import { settleDependents } from '../jobs/dependencies.ts'
import { NEXT_SEQ } from '../jobs/job-row.ts'
import { queueMessage } from '../notify/notices.ts'

/**
 * Deaths of the console with the job running after which the job is not retried by itself, because
 * the job may be the cause.
 */
const CONSOLE_DEATHS_BEFORE_PARKED = 3

/**
 * Run time after which an attempt did not cause the death of the console. Earlier deaths no longer
 * count then.
 */
const HARMLESS_AFTER_MS = 3_600_000

const DEATHS = `CASE WHEN attempt_started_at <= $ranAt - ${HARMLESS_AFTER_MS} THEN 1 ELSE scheduler_deaths + 1 END`

const Recovered = z.object({ id: JobId, state: JobState, attempt: z.int() })

/**
 * Takes over the jobs that the last scheduler ran. They become `interrupted`, and are claimed again
 * like any queued job. A job present at too many deaths is `parked` for the operator, unless its
 * attempt had run for long. A job with a requested cancel becomes `cancelled`. Only for a scheduler
 * that starts. Queues the notice of the death in the same transaction, because no later start knows
 * which jobs ran.
 */
export const recoverJobs = defineOperation({
  name: 'jobs.recover',
  kind: 'write',
  input: z.object({
    /** Time at which the last scheduler was known to run. */
    ranAt: Instant.optional(),
    /** Channels for the notice of its death, if a job was running. */
    channels: z.array(ChannelName).default([]),
  }),
  output: z.array(Recovered),
  run(db, { ranAt = null, channels }, { now }) {
    // Jobs are updated one by one, because a statement over several rows would give all of them the
    // same seq.
    const jobs = db.all(`SELECT id FROM jobs WHERE state = 'running' ORDER BY id`).map(row => {
      const id = JobId.parse(row['id'])
      dropAttempt(db, id)
      const recovered = Recovered.parse(
        db.one(
          `UPDATE jobs SET scheduler_deaths = ${DEATHS}, seq = ${NEXT_SEQ},
                  ended_at = CASE WHEN cancel_requested_at IS NOT NULL THEN $now END,
                  state = CASE WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
                               WHEN ${DEATHS} >= ${CONSOLE_DEATHS_BEFORE_PARKED} THEN 'parked'
                               ELSE 'interrupted' END
           WHERE id = $id RETURNING id, state, attempt`,
          { id, now, ranAt },
        ),
      )
      if (jobEnded(recovered.state)) settleDependents(db, id, recovered.state, now)
      return recovered
    })
    // One report covers the scheduler's death, however many workers died with it.
    if (jobs.length > 0) {
      const notice: Notification = {
        kind: 'scheduler-ended',
        jobs: jobs.map(({ id, state }) => ({ id, state })),
      }
      for (const channel of channels) queueMessage(db, channel, notice, now)
    }
    return jobs
  },
})
