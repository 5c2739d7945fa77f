import { parentPort, workerData } from 'node:worker_threads'
import { runStoreThread } from './store-thread.ts'
import { ThreadData } from './thread-messages.ts'

// An error here ends the thread; the owner sees it and gives the file up.
if (parentPort !== null) await runStoreThread(parentPort, ThreadData.parse(workerData))
