import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { copyDatabase, publishCopy, requireNewFile } from '../../lib/store/copy-database.ts'
import { newFolder } from '../helpers/store/project.ts'

/** Returns a folder as on FAT or exFAT, where a file has only one name. */
function folderWithoutLinks(t: Pick<Test, 'teardown'>, code: string): string {
  const { linkSync } = fs
  const set = (link: typeof linkSync) => {
    fs.linkSync = link
    syncBuiltinESMExports()
  }
  set(() => {
    throw Object.assign(new Error('links are not known here'), { code })
  })
  t.teardown(() => set(linkSync))
  return newFolder()
}

// Errors of Linux and Windows.
for (const code of ['EPERM', 'EISDIR']) {
  t.test(`copies a database on a file system without links: ${code}`, async t => {
    const folder = folderWithoutLinks(t, code)
    const [from, to] = [join(folder, 'from.db'), join(folder, 'to.db')]
    fs.writeFileSync(from, 'pages')
    const temporary = join(folder, 'copy.tmp')
    requireNewFile(to)
    t.equal(copyDatabase(from, temporary), 5)
    publishCopy(temporary, to)
    t.equal(fs.readFileSync(to, 'utf8'), 'pages')
    fs.writeFileSync(from, 'others')
    t.equal(copyDatabase(from, temporary), 6)
    for (const act of [() => requireNewFile(to), () => publishCopy(temporary, to)])
      t.throws(act, { code: 'usage', message: /already exists/ })
    t.throws(() => copyDatabase(from, to), { code: 'EEXIST' })
    t.equal(fs.readFileSync(to, 'utf8'), 'pages')
    fs.rmSync(temporary)
    t.strictSame(fs.readdirSync(folder).sort(), ['from.db', 'to.db'])
  })
}
