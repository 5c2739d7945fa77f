import { parentPort } from 'node:worker_threads'
import { loadSqlite } from '../engine/sqlite.ts'
import { runStoreThread } from './store-thread.ts'
import { ThreadData } from './thread-messages.ts'

const port = parentPort
if (port !== null) {
  // The error is ignored here, because it is reported when the database is opened.
  loadSqlite().catch(() => undefined)
  const data = await new Promise(resolve => port.once('message', resolve))
  // An error here ends the thread. The owner notices that and releases the file.
  await runStoreThread(port, ThreadData.parse(data))
}
