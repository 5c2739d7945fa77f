import { enableCompileCache } from 'node:module'
import { parentPort } from 'node:worker_threads'

enableCompileCache()

const { runPackThread } = await import('./pack-thread.ts')

if (parentPort !== null) runPackThread(parentPort)
