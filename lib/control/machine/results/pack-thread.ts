import type { MessagePort } from 'node:worker_threads'
import { messageOf } from '../../../core/errors/errors.ts'
import { packRecording } from '../../../files/trace/pack-recording.ts'
import { PackRequest } from './pack-request.ts'
import type { PackReply } from './pack-request.ts'

/** Packs recordings in the order of the requests. */
export function runPackThread(port: MessagePort): void {
  let last = Promise.resolve()
  port.on('message', raw => {
    const { id, recording, zipFile, reason } = PackRequest.parse(raw)
    last = last
      .then(() => packRecording(recording, zipFile, reason))
      .then(
        () => null,
        (error: unknown) => messageOf(error),
      )
      .then(error => {
        const reply: PackReply = { id, error }
        port.postMessage(reply)
      })
  })
}
