import process from 'node:process'
import { z } from 'zod'
import { openConnection, readValue } from './better-sqlite3-connection.ts'
import { READ_COUNTER, WRITE_COUNTER } from './counter-database.ts'
import { serveIncrements } from './serve-increments.ts'

const [path, increments] = z.tuple([z.string(), z.coerce.number()]).parse(process.argv.slice(2))
const connection = await openConnection(path)
const read = connection.prepare(READ_COUNTER)
const write = connection.prepare(WRITE_COUNTER)
const transaction = connection.transaction(() => void write.run(readValue(read) + 1))

serveIncrements(increments, {
  increment: () => transaction.immediate(),
  close: () => connection.close(),
})
