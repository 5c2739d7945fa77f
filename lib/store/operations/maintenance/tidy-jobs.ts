import { z } from 'zod'
import { Instant } from '../../../model/json.ts'
import { defineOperation } from '../define.ts'

/** Most removals in one call, because all other requests wait during the call. */
const BATCH = 500

/**
 * Removes jobs that ended before an instant, oldest first, with all their data, and crash reports
 * from before the instant that were notified. `more` is true if there are others after one batch.
 * Open and parked jobs stay, however old.
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
