import { parentPort } from 'node:worker_threads'
import { errorToRecord } from '../../core/errors.ts'
import { FileWork, doFileWork } from './file-work.ts'
import type { FileReply } from './file-work.ts'

const port = parentPort
port?.once('message', raw => {
  void doFileWork(FileWork.parse(raw))
    .then((report): FileReply => ({ ok: true, report }))
    .catch((error: unknown): FileReply => ({ ok: false, error: errorToRecord(error) }))
    .then(reply => {
      port.postMessage(reply)
      port.close()
    })
})
