import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

enableCompileCache()

const { runStoreThread } = await import('./store-thread.ts')
const { ThreadData } = await import('./thread-messages.ts')

// An error here ends the thread; the owner sees it and gives the file up.
if (parentPort !== null) await runStoreThread(parentPort, ThreadData.parse(workerData))
