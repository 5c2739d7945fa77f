import { rmSync } from 'node:fs'
import { errorToRecord } from '../../core/errors/errors.ts'
import { FileWork, doFileWork } from './file-work.ts'
import type { FileReply } from './file-work.ts'

// Only the parent may end this process. Ctrl+C and the signal that stops a service reach it as
// well, and are ignored.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.once('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)
process.once('message', raw => {
  const work = FileWork.parse(raw)
  void doFileWork(work)
    .then((report): FileReply => ({ ok: true, report }))
    .catch((error: unknown): FileReply => ({ ok: false, error: errorToRecord(error) }))
    .then(reply =>
      process.send?.(reply, undefined, undefined, error => {
        // The parent has died during the copy. The file is removed here, because the next owner of
        // the database may have started before the file existed.
        if (error !== null && work.type === 'copy') rmSync(work.to, { force: true })
        process.exit(0)
      }),
    )
})
