import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { systemClock as clock } from '../../../lib/core/time/clock.ts'
import { CrashRecorder } from '../../../lib/execution/diagnostics/crash-recorder.ts'
import { memberArtefacts } from '../../../lib/execution/diagnostics/member-artefacts.ts'
import { createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { WorkerState } from '../../../lib/execution/worker/worker-state.ts'
import { REF } from '../../helpers/builders/samples.ts'
import { smallDisk } from '../../helpers/processes/small-disk.ts'

t.test('a picture that could not be written completely leaves no file', async t => {
  const disk = smallDisk(t)
  if (typeof disk === 'string') {
    t.pass('a small disk', { skip: disk })
    return
  }
  const paths = new ProjectPaths(disk.folder)
  const lines: string[] = []
  const log = createWorkerLog(REF, clock, ({ message }) => void lines.push(message))
  const files = memberArtefacts(paths, 'job_7', '', 0)
  const state = new WorkerState({ workerId: REF.workerId, log: '', clock, write: () => undefined })
  const recorder = new CrashRecorder({
    ...{ folder: paths.crashes, member: REF, files, state, log, clock },
    redact: text => text,
  })
  const picture = files.screenshot(null)
  const png = Buffer.alloc(100_000, 'p')
  disk.fill()
  recorder.addScreenshot(png, null)
  t.match(lines, [/^the screenshot could not be kept: ENOSPC/])
  t.strictSame(readdirSync(dirname(picture)), [])
  disk.free()
  recorder.addScreenshot(png, null)
  t.ok(readFileSync(picture).equals(png))
})
