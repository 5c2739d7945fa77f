import { z } from 'zod'
import type { Database } from '../engine/database.ts'
import { defineOperation } from './define.ts'

const Name = z.string().min(1).max(200)
const Value = z.object({ value: z.int() })

/**
 * Raises (or lowers) a named number, which starts at 0, and answers its new value. With a `mark`, what was counted under the same mark before is not
 * counted again: a job that is run again after its worker was killed counts once.
 */
const increment = defineOperation({
  name: 'counters.increment',
  kind: 'write',
  input: z.object({ name: Name, by: z.int().default(1), mark: Name.optional() }),
  output: Value,
  run(db, { name, by, mark }) {
    if (mark !== undefined && !isNew(db, name, mark)) return readCounter(db, name)
    return Value.parse(
      db.one(
        'INSERT INTO counters (name, value) VALUES ($name, $by) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value',
        { name, by },
      ),
    )
  },
})

function isNew(db: Database, name: string, mark: string): boolean {
  const row = db.one(
    'INSERT INTO counter_marks (name, mark) VALUES ($name, $mark) ON CONFLICT DO NOTHING RETURNING mark',
    { name, mark },
  )
  return row !== undefined
}

function readCounter(db: Database, name: string): z.infer<typeof Value> {
  return Value.parse(db.one('SELECT value FROM counters WHERE name = $name', { name }) ?? { value: 0 })
}

/** The value of a named number; 0 for one that was never raised. */
const read = defineOperation({
  name: 'counters.read',
  kind: 'read',
  input: z.object({ name: Name }),
  output: Value,
  run: (db, { name }) => readCounter(db, name),
})

export const counterOperations = { [increment.name]: increment, [read.name]: read }
