import { readdirSync } from 'node:fs'
import t from 'tap'
import { CrashDocument } from '../../../lib/model/worker/documents.ts'
import { writeCrashFile } from '../../../lib/files/documents/crash-file.ts'
import { readJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { crash } from '../../helpers/builders/crash.ts'

t.test('two members that crash in the same millisecond write two reports', async t => {
  const folder = t.testdir()
  const paths = [1, 2, 3].map(member => writeCrashFile(folder, crash({ member })))
  t.equal(new Set(paths).size, 3)
  t.same(
    paths.map(path => readJsonSync(path, CrashDocument).member),
    [1, 2, 3],
  )
  t.same(
    readdirSync(folder).sort(),
    ['job_7_1000.json', 'job_7_1001.json', 'job_7_1002.json'],
    'no other file remains',
  )
})

t.test('skips a name that another process has claimed and not yet written', async t => {
  const folder = t.testdir({ '.job_7_1000.claim': '' })
  writeCrashFile(folder, crash({ member: 1 }))
  t.same(readdirSync(folder).sort(), ['.job_7_1000.claim', 'job_7_1001.json'])
})

t.test('reports a missing folder instead of waiting for it', async t => {
  t.throws(() => writeCrashFile(`${t.testdir()}/absent`, crash({ member: 1 })), { code: 'ENOENT' })
})
