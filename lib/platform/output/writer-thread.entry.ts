import { parentPort, workerData } from 'node:worker_threads'
import { serveWrites } from './writer-thread.ts'

const shared: unknown = workerData
if (parentPort !== null && shared instanceof SharedArrayBuffer) serveWrites(parentPort, shared)
