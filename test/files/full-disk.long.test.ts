import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { systemCode } from '../../lib/core/errors/errors.ts'
import { systemRemedy } from '../../lib/core/errors/system-remedy.ts'
import { isDiskFull } from '../../lib/files/documents/atomic-json.ts'
import { packRecording } from '../../lib/files/trace/pack-recording.ts'
import { recordingOf } from '../../lib/files/trace/recording.ts'
import { errnoOf } from '../../lib/store/engine/errno.ts'
import { newFolder, newProject, openTestStore } from '../helpers/store/project.ts'

const WRITES = fileURLToPath(new URL('../fixtures/files/full-disk.entry.ts', import.meta.url))

/**
 * Unit of `ulimit -f`. As on a disk that fills up, the system accepts a part of the write that
 * meets the limit, and refuses the next write.
 */
const BLOCK_BYTES = 512

/** Last bytes of a picture. They mark the picture as complete. */
const JPEG_END = Buffer.from([0xff, 0xd8, 0xff, 0xd9])

const skip = process.platform === 'win32' ? 'Windows has no limit on the size of files' : false

const quotaSkip = ['linux', 'darwin'].includes(process.platform)
  ? false
  : 'only the numbers of Linux and macOS are known'

/** Writes a file in a process that may write `blocks` blocks. Returns the output of the process. */
async function writeWithin(blocks: number, ...args: readonly string[]): Promise<string> {
  // Node ignores the signal of a full file, but the test runner's preloaded module handles it.
  const limited = `unset NODE_OPTIONS; ulimit -f ${blocks}; exec "$0" "$@"`
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, WRITES, ...args])
  return stdout
}

/** Returns the error as Node.js throws it, because libuv has no name for it. */
const usedUp = (errno: number) => {
  const code = `Unknown system error ${errno}`
  return Object.assign(new Error(`${code}: ${code}, open 'x'`), { errno, code, syscall: 'open' })
}

t.test('an exceeded quota counts as a full disk', { skip: quotaSkip }, async t => {
  const thrown = usedUp(process.platform === 'darwin' ? -69 : -122)
  t.equal(systemCode(thrown), 'EDQUOT')
  t.ok(isDiskFull(thrown))
  t.match(systemRemedy(thrown), /disk quota is used up/)
  t.equal(errnoOf(thrown), errnoOf(Object.assign(new Error(), { code: 'ENOSPC' })))
  const other = usedUp(-1_234)
  t.equal(systemCode(other), 'Unknown system error -1234')
  t.notOk(isDiskFull(other))
})

t.test('refuses a copy whose last part does not fit, and leaves no file', { skip }, async t => {
  const folder = newFolder()
  const [from, to] = [join(folder, 'from.db'), join(folder, 'to.db')]
  const bytes = 1024 * 1024 + 512 * 1024
  writeFileSync(from, Buffer.alloc(bytes, 'x'))
  const blocks = bytes / BLOCK_BYTES
  t.match(
    await writeWithin(blocks - 8, 'copy', from, to),
    /^environment-unfit: .*from\.db cannot be copied to .*: EFBIG.* raise the limit .*and try again\.$/m,
  )
  t.strictSame(readdirSync(folder), ['from.db'])
  t.equal(await writeWithin(blocks, 'copy', from, to), 'done\n')
  t.ok(readFileSync(from).equals(readFileSync(to)))
})

t.test('refuses a trace whose end does not fit, and keeps its recording', { skip }, async t => {
  const record = () => {
    const folder = newFolder()
    const { lines, frames } = recordingOf(folder, 'one')
    writeFileSync(lines, '')
    mkdirSync(frames)
    // The list of 100 pictures at the end of the archive is longer than a block.
    for (let n = 0; n < 100; n += 1)
      writeFileSync(join(frames, `page-${String(n).padStart(6, '0')}.jpeg`), JPEG_END)
    return folder
  }
  const whole = join(newFolder(), 'whole.zip')
  await packRecording(recordingOf(record(), 'one'), whole, 'ended')
  const folder = record()
  const zip = join(folder, 'trace.zip')
  const blocks = Math.floor(statSync(whole).size / BLOCK_BYTES)
  t.match(await writeWithin(blocks - 2, 'pack', folder, zip), /EFBIG/)
  t.strictSame(readdirSync(folder).sort(), ['one.frames', 'one.jsonl'])
  t.equal(await writeWithin(blocks + 1, 'pack', folder, zip), 'done\n')
  t.ok(existsSync(zip))
})

t.test('refuses an export whose last page does not fit, and leaves no file', { skip }, async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  for (let n = 0; n < 40; n += 1) await store.call('counters.increment', { name: `${'x'.repeat(100)}${n}` })
  t.match(await writeWithin(4, 'export', paths.root), /EFBIG/)
  t.strictSame(readdirSync(paths.reports), [])
  t.equal(await writeWithin(40, 'export', paths.root), 'done\n')
  const [file = ''] = readdirSync(paths.reports)
  t.match(file, /^counters_.*\.csv$/)
  t.equal(readFileSync(join(paths.reports, file), 'utf8').trim().split('\n').length, 41)
})
