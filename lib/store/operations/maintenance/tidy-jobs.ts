import { z } from 'zod'
import { Instant } from '../../../model/json.ts'
import { defineOperation } from '../define.ts'

/** Maximum number of removals in one call, because all other requests wait during the call. */
const BATCH = 500

/**
 * Removes jobs that ended before a given time, oldest first, with all their data. Also removes
 * crash reports from before that time, if people were notified of them. `more` is true if a batch
 * was not enough. Open and parked jobs are never removed, however old they are.
 */
const tidyJobs = defineOperation({
  name: 'jobs.tidy',
  kind: 'write',
  input: z.object({ before: Instant }),
  output: z.object({ removed: z.int(), more: z.boolean() }),
  run(db, { before }) {
    const jobs = db.run(
      `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended_at IS NOT NULL AND ended_at < $before ORDER BY ended_at LIMIT ${BATCH})`,
      { before },
    )
    const crashes = db.run(
      `DELETE FROM crashes WHERE id IN (SELECT id FROM crashes WHERE at < $before AND noticed = 1 ORDER BY at LIMIT ${BATCH})`,
      { before },
    )
    return { removed: jobs + crashes, more: jobs === BATCH || crashes === BATCH }
  },
})

export const tidyJobOperations = { [tidyJobs.name]: tidyJobs }
