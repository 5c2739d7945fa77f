import { workerData } from 'node:worker_threads'
import { isHang, recordHang } from './record-hang.ts'

const data: unknown = workerData
if (isHang(data)) recordHang(data)
