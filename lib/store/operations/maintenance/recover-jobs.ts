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
 * Number of console deaths while a job was running after which the job is not retried
 * automatically, because it may be the cause.
 */
const CONSOLE_DEATHS_BEFORE_PARKED = 3

/**
 * Time in ms for which an attempt must have run so that it does not count as the cause of the
 * console's death. Earlier deaths then no longer count either.
 */
const HARMLESS_AFTER_MS = 3_600_000

const DEATHS = `CASE WHEN attempt_started_at <= $ranAt - ${HARMLESS_AFTER_MS} THEN 1 ELSE scheduler_deaths + 1 END`

const Recovered = z.object({ id: JobId, state: JobState, attempt: z.int() })

/**
 * Takes over the jobs that the previous scheduler was running. They become `interrupted`, and are
 * claimed again like queued jobs. A job that was running at too many deaths is `parked` for the
 * operator, unless its attempt had run for a long time. A job whose cancellation was requested
 * becomes `cancelled`. Only for a scheduler that is starting. Queues the notice of the previous
 * scheduler's death in the same transaction, because later starts do not know which jobs were
 * running.
 */
export const recoverJobs = defineOperation({
  name: 'jobs.recover',
  kind: 'write',
  input: z.object({
    /** Latest time at which the previous scheduler was known to be running. */
    ranAt: Instant.optional(),
    /**
     * Channels for the notice of the previous scheduler's death, which is queued only if a job was
     * running.
     */
    channels: z.array(ChannelName).default([]),
  }),
  output: z.array(Recovered),
  run(db, { ranAt = null, channels }, { now }) {
    // Updated one by one, because a single statement would give all of the jobs the same seq.
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
    // There is one notice for the scheduler's death, however many workers died with it.
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
