import { z } from 'zod'
import { JobId } from '../../../model/job/job.ts'
import { SharedKey } from '../../../model/shared-key.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'
import { countLate } from '../notify/late-reports.ts'

const Mark = z.object({ jobId: JobId, text: SharedKey })
const Value = z.object({ value: z.int() })

/**
 * Raises or lowers a named counter, which starts at 0, and returns its new value. With a `mark`, a
 * job can count only once with the same text. So a job that runs again after its worker was killed
 * is not counted twice. Marks are removed when their job has ended for good (see
 * ./attempt-cleanup.ts).
 */
const increment = defineOperation({
  name: 'counters.increment',
  kind: 'write',
  input: z.object({ name: SharedKey, by: z.int().default(1), mark: Mark.optional() }),
  output: Value,
  run(db, { name, by, mark }) {
    if (mark !== undefined && isOver(db, mark.jobId)) {
      countLate(db, mark.jobId)
      return readCounter(db, name)
    }
    if (mark !== undefined && !isNew(db, name, mark)) return readCounter(db, name)
    return Value.parse(
      db.one(
        'INSERT INTO counters (name, value) VALUES ($name, $by) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value',
        { name, by },
      ),
    )
  },
})

/**
 * True if the job has succeeded. Its marks have then been removed. A late worker must not count
 * again, because the successful worker has already counted.
 */
function isOver(db: Database, jobId: number): boolean {
  return db.one(`SELECT id FROM jobs WHERE id = $jobId AND state = 'succeeded'`, { jobId }) !== undefined
}

function isNew(db: Database, name: string, { jobId, text }: z.infer<typeof Mark>): boolean {
  const row = db.one(
    'INSERT INTO counter_marks (job_id, name, mark) VALUES ($jobId, $name, $text) ON CONFLICT DO NOTHING RETURNING mark',
    { jobId, name, text },
  )
  return row !== undefined
}

function readCounter(db: Database, name: string): z.infer<typeof Value> {
  return Value.parse(db.one('SELECT value FROM counters WHERE name = $name', { name }) ?? { value: 0 })
}

/** Returns the value of a named counter; 0 if it was never changed. */
const read = defineOperation({
  name: 'counters.read',
  kind: 'read',
  input: z.object({ name: SharedKey }),
  output: Value,
  run: (db, { name }) => readCounter(db, name),
})

export const counterOperations = { [increment.name]: increment, [read.name]: read }
