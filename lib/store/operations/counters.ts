import { z } from 'zod'
import { defineOperation } from './define.ts'

const Name = z.string().min(1).max(200)
const Value = z.object({ value: z.int() })

/** Raises (or lowers) a named number, which starts at 0, and answers its new value. */
const increment = defineOperation({
  name: 'counters.increment',
  kind: 'write',
  input: z.object({ name: Name, by: z.int().default(1) }),
  output: Value,
  run: (db, { name, by }) =>
    Value.parse(
      db.one(
        'INSERT INTO counters (name, value) VALUES ($name, $by) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value',
        { name, by },
      ),
    ),
})

/** The value of a named number; 0 for one that was never raised. */
const read = defineOperation({
  name: 'counters.read',
  kind: 'read',
  input: z.object({ name: Name }),
  output: Value,
  run: (db, { name }) =>
    Value.parse(db.one('SELECT value FROM counters WHERE name = $name', { name }) ?? { value: 0 }),
})

export const counterOperations = { [increment.name]: increment, [read.name]: read }
