import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderUse } from '../../../lib/core/disk/folder-use.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ALL = { bytes: Infinity, entries: Infinity }
const PAGE = 4_096

t.test('counts a page for each empty file or folder, and the disk space of longer files', async t => {
  const folder = newFolder()
  t.same(await folderUse([folder], ALL), { bytes: 0, entries: 0 })
  for (let n = 0; n < 100; n++) writeFileSync(join(folder, `empty ${n}`), '')
  t.same(await folderUse([folder], ALL), { bytes: 100 * PAGE, entries: 100 })
  mkdirSync(join(folder, 'sub', 'sub'), { recursive: true })
  writeFileSync(join(folder, 'sub', 'sub', 'long'), Buffer.alloc(100 * PAGE, 1))
  const { bytes, entries } = await folderUse([folder, join(folder, 'nothing here')], ALL)
  t.equal(entries, 103)
  t.ok(bytes >= 202 * PAGE, `${bytes} bytes`)
})

t.test(
  'counts the disk space of a sparse file, not its length',
  { skip: process.platform === 'win32' },
  async t => {
    const folder = newFolder()
    writeFileSync(join(folder, 'holes'), 'x')
    truncateSync(join(folder, 'holes'), 1024 ** 3)
    const { bytes } = await folderUse([folder], ALL)
    t.ok(bytes < 1024 ** 2, `${bytes} bytes`)
  },
)

t.test('counts a link, but not its target', { skip: process.platform === 'win32' }, async t => {
  const folder = newFolder()
  symlinkSync('/', join(folder, 'everything'))
  t.same(await folderUse([folder], ALL), { bytes: PAGE, entries: 1 })
})

t.test('stops the walk soon after a limit, or when the job ends', async t => {
  const folder = newFolder()
  for (let n = 0; n < 500; n++) writeFileSync(join(folder, String(n)), '')
  const few = async (most: Partial<typeof ALL>, signal?: AbortSignal) =>
    (await folderUse([folder], { ...ALL, ...most }, signal)).entries
  for (const entries of [await few({ entries: 100 }), await few({ bytes: 100 * PAGE })])
    t.ok(entries > 100 && entries < 200, `${entries} entries`)
  t.ok((await few({}, AbortSignal.abort())) < 100)
})
