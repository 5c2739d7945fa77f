import { parentPort } from 'node:worker_threads'
import { loadSqlite } from '../engine/sqlite.ts'
import { runStoreThread } from './store-thread.ts'
import { ThreadData } from './thread-messages.ts'

const port = parentPort
if (port !== null) {
  // Whoever opens the database hears why SQLite did not load.
  loadSqlite().catch(() => undefined)
  const data = await new Promise(resolve => port.once('message', resolve))
  // An error here ends the thread; the owner sees it and gives the file up.
  await runStoreThread(port, ThreadData.parse(data))
}
