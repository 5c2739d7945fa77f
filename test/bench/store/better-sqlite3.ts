import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { openConnection, readValue } from './better-sqlite3-connection.ts'
import { COUNTER_SCHEMA, READ_COUNTER } from './counter-database.ts'
import { driveClients } from './drive-clients.ts'

const CLIENT = fileURLToPath(new URL('./better-sqlite3-client.entry.ts', import.meta.url))

async function run(options: BenchOptions): Promise<Measurement> {
  const path = join(options.scratch, 'counter.db')
  const connection = await openConnection(path)
  connection.exec(COUNTER_SCHEMA)
  connection.pragma('wal_checkpoint(TRUNCATE)')
  const measurement = await driveClients(CLIENT, [path, String(options.increments)], options)
  const value = readValue(connection.prepare(READ_COUNTER))
  connection.close()
  if (value !== measurement.units)
    throw new AutomateError(
      'result-invalid',
      `The counter shows ${value}, not ${measurement.units}: updates were lost.`,
    )
  return measurement
}

/** Native SQLite: each client opens the file itself, and SQLite's own locks order their turns. */
export const betterSqlite3: Competitor = { name: 'better-sqlite3, shared file', run }
