import { z } from 'zod'
import { ClockGap } from '../../../model/schedule/clock-gap.ts'
import { Instant } from '../../../model/json.ts'
import { defineOperation } from '../define.ts'

const NewestRecord = z.object({ at: Instant.nullable() })

/**
 * Returns the time of the newest job, crash report or login, in epoch ms; null if there is none.
 */
const newestRecord = defineOperation({
  name: 'clock.newestRecord',
  kind: 'read',
  input: z.object({}),
  output: NewestRecord,
  // Reads only indexes, so that a long history does not delay a start.
  run: db =>
    NewestRecord.parse(
      db.one(
        `SELECT max(at) AS at FROM (
           SELECT * FROM (SELECT queued_at AS at FROM jobs ORDER BY id DESC LIMIT 1)
           UNION ALL SELECT * FROM (SELECT ended_at FROM jobs WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1)
           UNION ALL SELECT * FROM (SELECT at FROM crashes ORDER BY id DESC LIMIT 1)
           UNION ALL SELECT max(saved_at) FROM sessions)`,
      ),
    ),
})

/** Returns the gaps in the clock's time that were recorded, oldest first. */
const listGaps = defineOperation({
  name: 'clock.gaps',
  kind: 'read',
  input: z.object({}),
  output: z.array(ClockGap),
  run: db =>
    db
      .all('SELECT from_at AS "from", to_at AS "to" FROM clock_gaps ORDER BY to_at')
      .map(row => ClockGap.parse(row)),
})

/**
 * Records a gap. Removes gaps that are later, because they belong to a clock that has since been
 * set back.
 */
const noteGap = defineOperation({
  name: 'clock.noteGap',
  kind: 'write',
  input: ClockGap,
  output: z.object({}),
  run(db, { from, to }) {
    db.run('DELETE FROM clock_gaps WHERE to_at >= $to', { to })
    db.run('INSERT INTO clock_gaps (from_at, to_at) VALUES ($from, $to)', { from, to })
    return {}
  },
})

export const clockGapOperations = {
  [newestRecord.name]: newestRecord,
  [listGaps.name]: listGaps,
  [noteGap.name]: noteGap,
}
