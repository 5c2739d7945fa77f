import { parentPort } from 'node:worker_threads'
import { runPackThread } from './pack-thread.ts'

if (parentPort !== null) runPackThread(parentPort)
