import { z } from 'zod'
import { loadPeer } from '../harness/load-peer.ts'

/**
 * The longest that a client waits for the write lock; a client that starves for so long is a
 * finding, and fails.
 */
const BUSY_LIMIT_MS = 60_000

interface Statement {
  get(): unknown
  run(value: number): unknown
}

/** The little of a better-sqlite3 connection that is used here. */
export interface Connection {
  exec(sql: string): unknown
  pragma(sql: string): unknown
  prepare(sql: string): Statement
  transaction(work: () => void): { immediate(): void }
  close(): void
}

type ConnectionClass = new (path: string, options: { timeout: number }) => Connection
const Surface = z.object({ default: z.custom<ConnectionClass>(value => typeof value === 'function') })

/** Opens the file in WAL mode with every commit synced, as our own store runs. */
export async function openConnection(path: string): Promise<Connection> {
  const { default: Database } = await loadPeer('better-sqlite3', Surface)
  const connection = new Database(path, { timeout: BUSY_LIMIT_MS })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  return connection
}

/** Reads the row of a query that gives one number called `value`. */
export function readValue(statement: Statement): number {
  return z.object({ value: z.int() }).parse(statement.get()).value
}
