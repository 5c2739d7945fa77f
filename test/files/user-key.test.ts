import fs, { chmodSync, chownSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { isKeyOpen, keyFault, userKey, userKeyPath } from '../../lib/files/user-key.ts'
import { newFolder } from '../helpers/store/project.ts'

t.test('creates the key once, only for its user', async t => {
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

t.test('refuses an invalid key, and names the file and the remedy', async t => {
  const folder = newFolder()
  writeFileSync(join(folder, 'sessions.key'), 'short')
  t.throws(() => userKey(folder), {
    code: 'environment-unfit',
    message: /sessions\.key is not a key.*Delete the file/,
  })
  const closed = newFolder()
  writeFileSync(join(closed, 'file'), '')
  t.throws(() => userKey(join(closed, 'file', 'below')), {
    code: 'environment-unfit',
    message: /sessions\.key cannot be used/,
  })
})

t.test(
  'makes a key private that other users can read or write',
  { skip: process.platform === 'win32' && 'the folder of a user is closed to others' },
  async t => {
    const folder = newFolder()
    const key = userKey(folder)
    const path = userKeyPath(folder)
    t.notOk(isKeyOpen(path))
    for (const mode of [0o666, 0o640, 0o602]) {
      chmodSync(path, mode)
      t.ok(isKeyOpen(path))
      t.same(userKey(folder), key)
      t.equal(statSync(path).mode & 0o777, 0o600)
    }
  },
)

t.test(
  'refuses a key of another user',
  { skip: process.geteuid?.() !== 0 && 'only root can make files of another user' },
  async t => {
    const folder = newFolder()
    userKey(folder)
    chownSync(userKeyPath(folder), 61_000, 61_000)
    t.throws(() => userKey(folder), {
      code: 'environment-unfit',
      message: /sessions\.key cannot be used: it belongs to another user \(uid 61000\)/,
    })
  },
)

t.test(
  'root creates no key in the folder of another user',
  { skip: process.geteuid?.() !== 0 && 'only root can make folders of another user' },
  async t => {
    const home = newFolder()
    chownSync(home, 61_000, 61_000)
    const folder = join(home, '.local', 'share', 'automate-tui')
    t.throws(() => userKey(folder), {
      code: 'environment-unfit',
      message: /belongs to another user \(uid 61000\).*sudo -H/,
    })
    t.same(readdirSync(home), [])
    chownSync(home, 0, 0)
    t.equal(userKey(folder).length, 32)
  },
)

t.test(
  'an unreadable key is a fault, and a missing one is not',
  { skip: process.geteuid?.() !== 0 && 'only root can make files of another user' },
  async t => {
    const folder = newFolder()
    const path = userKeyPath(folder)
    t.equal(keyFault(path), undefined)
    userKey(folder)
    t.equal(keyFault(path), undefined)
    chownSync(path, 61_000, 61_000)
    t.equal(keyFault(path), 'it belongs to another user (uid 61000)')
  },
)

t.test('syncs a key before use, and creates one on a file system without links', async t => {
  const { fsyncSync, linkSync } = fs
  const replace = (sync: typeof fsyncSync, link: typeof linkSync) => {
    fs.fsyncSync = sync
    fs.linkSync = link
    syncBuiltinESMExports()
  }
  t.teardown(() => replace(fsyncSync, linkSync))
  const order: string[] = []
  replace(
    fd => {
      order.push(fs.fstatSync(fd).isDirectory() ? 'sync folder' : 'sync key')
      fsyncSync(fd)
    },
    () => {
      order.push('name')
      throw Object.assign(new Error('links are not known here'), { code: 'EPERM' })
    },
  )
  const folder = newFolder()
  t.equal(userKey(folder).length, 32)
  t.same(readdirSync(folder), ['sessions.key'])
  t.same(order, ['sync key', 'name', ...(process.platform === 'win32' ? [] : ['sync folder'])])
})
