import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { packRecording } from '../../../lib/files/trace/pack-recording.ts'
import { frameName, lastFrame, recordingOf } from '../../../lib/files/trace/recording.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** Shortest text with the first and the last bytes of a JPEG file. */
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0xff, 0xd9])

t.test('an incomplete picture of a killed worker is neither the last one nor in the trace', async t => {
  const folder = newFolder()
  const recording = recordingOf(folder, 'one')
  t.equal(lastFrame(recording), undefined)
  mkdirSync(recording.frames)
  const write = (elapsedMs: number, bytes: Uint8Array) => {
    const path = join(recording.frames, frameName('page', elapsedMs))
    writeFileSync(path, bytes)
    return path
  }
  write(30, PICTURE.subarray(0, 4))
  write(40, PICTURE.subarray(0, 0))
  t.equal(lastFrame(recording), undefined, 'no picture is complete')
  const older = write(10, PICTURE)
  const newest = write(20, PICTURE)
  t.equal(lastFrame(recording), newest)

  writeFileSync(recording.lines, '')
  const zip = join(folder, 'one.zip')
  await packRecording(recording, zip, 'killed')
  t.strictSame(
    Object.keys(unzipSync(readFileSync(zip))).filter(name => name.endsWith('.jpeg')),
    [older, newest].map(path => `resources${path.slice(recording.frames.length)}`),
  )
})
