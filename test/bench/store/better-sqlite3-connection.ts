import { z } from 'zod'
import { loadPeer } from '../harness/load-peer.ts'

/**
 * Longest wait of a client for the write lock. A client that starves longer is a finding, and
 * fails.
 */
const BUSY_LIMIT_MS = 60_000

interface Statement {
  get(): unknown
  run(value: number): unknown
}

/** Used part of a better-sqlite3 connection. */
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

/** Returns the number in the column `value` of a query's row. */
export function readValue(statement: Statement): number {
  return z.object({ value: z.int() }).parse(statement.get()).value
}
