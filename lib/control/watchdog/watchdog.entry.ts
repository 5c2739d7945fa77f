import { workerData } from 'node:worker_threads'
import { isWatchdogData, watchMainThread } from './watch-main-thread.ts'

const data: unknown = workerData
if (isWatchdogData(data)) watchMainThread(data)
