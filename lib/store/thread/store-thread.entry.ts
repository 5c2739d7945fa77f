import { parentPort } from 'node:worker_threads'
import { loadSqlite } from '../engine/sqlite.ts'
import { runStoreThread } from './store-thread.ts'
import { ThreadData } from './thread-messages.ts'

const port = parentPort
if (port !== null) {
  // The opening of the database reports why SQLite did not load.
  loadSqlite().catch(() => undefined)
  const data = await new Promise(resolve => port.once('message', resolve))
  // An error here ends the thread. The owner notices the end and releases the file.
  await runStoreThread(port, ThreadData.parse(data))
}
