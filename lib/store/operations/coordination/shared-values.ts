import { z } from 'zod'
import { JsonValue } from '../../../model/json.ts'
import { SharedKey } from '../../../model/shared-key.ts'
import type { Database } from '../../engine/database.ts'
import { jsonText } from '../jobs/job-row.ts'
import { defineOperation } from '../define.ts'

const Place = z.object({ map: SharedKey, key: SharedKey })
type Place = z.infer<typeof Place>

/**
 * Current version and value of a key. Version 0 means that there was never a value. If `json` is
 * null, the value was deleted. A value that is null in JSON is the text "null", so the two differ.
 */
const Current = z.object({ version: z.int().nonnegative(), json: z.string().nullable() })

function readCurrent(db: Database, { map, key }: Place): z.infer<typeof Current> {
  const row = db.one('SELECT version, value AS json FROM shared_values WHERE map = $map AND key = $key', {
    map,
    key,
  })
  return row === undefined ? { version: 0, json: null } : Current.parse(row)
}

const readShared = defineOperation({
  name: 'shared.read',
  kind: 'read',
  input: Place,
  output: Current,
  run: readCurrent,
})

/**
 * Sets a value, given as JSON text; null deletes the value. With `seenVersion`, the value is only
 * set if that is still its version. Returns the current value, and whether the write was applied.
 */
const writeShared = defineOperation({
  name: 'shared.write',
  kind: 'write',
  input: Place.extend({
    seenVersion: z.int().nonnegative().optional(),
    json: jsonText(JsonValue)
      .transform(value => JSON.stringify(value))
      .nullable(),
  }),
  output: Current.extend({ applied: z.boolean() }),
  run(db, { map, key, seenVersion, json }) {
    const current = readCurrent(db, { map, key })
    if (seenVersion !== undefined && seenVersion !== current.version) return { ...current, applied: false }
    const version = current.version + 1
    db.run(
      `INSERT INTO shared_values (map, key, value, version) VALUES ($map, $key, $json, $version)
       ON CONFLICT (map, key) DO UPDATE SET value = excluded.value, version = excluded.version`,
      { map, key, json, version },
    )
    return { version, json, applied: true }
  },
})

/**
 * Number of characters after which a page of a map ends. One value may have 32 MB, and all values
 * together may not fit into a message or the memory of the store.
 */
const PAGE_CHARACTERS = 4_000_000

/** Maximum number of values in a page, if the values are small. */
const PAGE_ENTRIES = 10_000

const Entry = z.object({ key: z.string(), json: z.string() })

/**
 * Returns one page of a map's values, ordered by key and starting after the key `after`. Returns an
 * empty page at the end.
 */
const listShared = defineOperation({
  name: 'shared.list',
  kind: 'read',
  input: z.object({ map: SharedKey, after: SharedKey.optional() }),
  output: z.array(Entry),
  run(db, { map, after = '' }) {
    const page: z.infer<typeof Entry>[] = []
    for (let characters = 0; characters < PAGE_CHARACTERS && page.length < PAGE_ENTRIES;) {
      const row = db.one(
        `SELECT key, value AS json FROM shared_values WHERE map = $map AND key > $after AND value IS NOT NULL
         ORDER BY key LIMIT 1`,
        { map, after: page.at(-1)?.key ?? after },
      )
      if (row === undefined) break
      const entry = Entry.parse(row)
      page.push(entry)
      characters += entry.json.length
    }
    return page
  },
})

export const sharedValueOperations = {
  [readShared.name]: readShared,
  [writeShared.name]: writeShared,
  [listShared.name]: listShared,
}
