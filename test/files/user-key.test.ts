import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { userKey } from '../../lib/files/user-key.ts'
import { newFolder } from '../helpers/project.ts'

t.test('the key is made once, for its user alone', async t => {
  const folder = join(newFolder(), 'deep', 'automate-tui')
  const key = userKey(folder)
  t.equal(key.length, 32)
  t.same(userKey(folder), key)
  t.same(readdirSync(folder), ['sessions.key'])
  if (process.platform !== 'win32') {
    t.equal(statSync(join(folder, 'sessions.key')).mode & 0o777, 0o600)
    t.equal(statSync(folder).mode & 0o777, 0o700)
  }
})

t.test('what is no key is refused with the file and the remedy', async t => {
  const folder = newFolder()
  writeFileSync(join(folder, 'sessions.key'), 'short')
  t.throws(() => userKey(folder), {
    code: 'environment-unfit',
    message: /sessions\.key is no key.*Delete it/,
  })
  const closed = newFolder()
  writeFileSync(join(closed, 'file'), '')
  t.throws(() => userKey(join(closed, 'file', 'below')), {
    code: 'environment-unfit',
    message: /sessions\.key cannot be used/,
  })
})
