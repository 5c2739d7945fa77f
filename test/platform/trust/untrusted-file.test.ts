import { chmodSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadKoffi } from '../../../lib/platform/windows/koffi.ts'
import { isPrivateGroup, parseAccounts, readAccounts } from '../../../lib/platform/trust/accounts.ts'
import { isListed } from '../../../lib/platform/trust/trusted-folders.ts'
import { findUntrusted, findUntrustedAbove, trustedUids } from '../../../lib/platform/trust/untrusted-file.ts'
import type { TrustedUsers } from '../../../lib/platform/trust/untrusted-file.ts'
import { newFolder } from '../../helpers/store/project.ts'

const PASSWD = `root:x:0:0:root:/root:/bin/bash
# a comment
ada:x:1000:1000:Ada,,,:/home/ada:/bin/bash
bob:x:1001:1001::/home/bob:/bin/bash
eve:x:1002:100::/home/eve:/bin/bash
dan:x:1003:100::/home/dan:/bin/bash
broken line
`
const GROUP = `root:x:0:
users:x:100:
ada:x:1000:ada,root
bob:x:1001:ada
shop:x:1500:ada
`

t.test('a group is private if only its user can be in it', async t => {
  const accounts = parseAccounts(PASSWD, GROUP)
  const cases = [
    [1000, 1000, true, 'the user-private group of Debian; root does not count as another user'],
    [1001, 1001, false, 'another user was added to the group'],
    [100, 1002, false, 'the primary group of two users'],
    [1500, 1000, false, 'a second group of the user, to be shared'],
    [0, 0, true, 'the group of root'],
    [4711, 4711, true, 'a user without an entry, with the group of the same number'],
    [4711, 4712, false, 'a user without an entry, with another group'],
  ] as const
  for (const [gid, uid, isPrivate, why] of cases) t.equal(isPrivateGroup(accounts, gid, uid), isPrivate, why)
})

t.test('root trusts the user of sudo; other users ignore SUDO_UID', async t => {
  t.strictSame([...trustedUids(0, { SUDO_UID: '1000' })], [0, 1000])
  t.strictSame([...trustedUids(0, { SUDO_UID: '1000 0x' })], [0])
  t.strictSame([...trustedUids(1000, { SUDO_UID: '1001' })], [0, 1000])
})

t.test('a list of trusted folders matches the folder itself, by any path to it', async t => {
  const folder = newFolder()
  const below = join(folder, 'below')
  mkdirSync(below)
  symlinkSync(folder, join(below, 'link'), 'junction')
  const separator = process.platform === 'win32' ? ';' : ':'
  t.ok(isListed(folder, folder))
  t.ok(isListed(folder, ['/nowhere', join(below, 'link')].join(separator)))
  t.ok(isListed(folder, '*'))
  t.notOk(isListed(below, folder), 'a folder below a listed one is not listed')
  t.notOk(isListed(folder, undefined))
  t.notOk(isListed(folder, ''))
})

t.test(
  'finds a file or folder that another user owns or others may write',
  { skip: process.platform === 'win32' && 'Windows has access control lists instead' },
  async t => {
    const folder = newFolder()
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const uid = process.getuid?.() ?? 0
    const accounts = readAccounts()
    const mine: TrustedUsers = { uids: new Set([uid]), accounts }
    const theirs: TrustedUsers = { ...mine, uids: new Set([uid + 1]) }
    const find = (trusted: TrustedUsers) => findUntrusted([folder, file, join(folder, 'none')], trusted)[0]

    chmodSync(folder, 0o755)
    chmodSync(file, 0o644)
    t.equal(find(mine), undefined)
    t.match(find(theirs), { why: 'owner', path: folder, uid })

    chmodSync(file, 0o646)
    t.match(find(mine), { why: 'writable', path: file, mode: 0o646 })
    chmodSync(file, 0o644)
    chmodSync(folder, 0o1777)
    t.match(
      find(mine),
      { why: 'writable', path: folder, mode: 0o1777 },
      'others may create files in a sticky folder',
    )
    chmodSync(folder, 0o755)

    chmodSync(file, 0o664)
    const gid = process.getgid?.() ?? 0
    const me = `me:x:${uid}:${gid}::/:/bin/sh\n`
    const alone = parseAccounts(me, '')
    const shared = parseAccounts(`${me}you:x:77777:${gid}::/:/bin/sh\n`, '')
    t.equal(find({ ...mine, accounts: alone }), undefined, "the user's private group may write")
    t.match(find({ ...mine, accounts: shared }), { why: 'writable', path: file })

    symlinkSync(file, join(folder, 'link'))
    t.match(
      findUntrusted([join(folder, 'link')], { ...mine, accounts: shared }),
      [{ why: 'writable' }],
      'through a link',
    )
  },
)

t.test(
  'finds a parent folder in which others can replace a file, also through a link',
  { skip: process.platform === 'win32' && 'Windows has access control lists instead' },
  async t => {
    const folder = newFolder()
    const shared = join(folder, 'shared')
    const project = join(shared, 'own', 'project')
    mkdirSync(project, { recursive: true })
    const link = join(folder, 'link')
    symlinkSync(project, link)
    const uid = process.getuid?.() ?? 0
    const mine: TrustedUsers = { uids: new Set([0, uid]), accounts: readAccounts() }
    const find = (path: string, trusted = mine) =>
      findUntrustedAbove([path], trusted).filter(one => one.path.startsWith(folder))
    t.strictSame(find(project), [])
    chmodSync(shared, 0o777)
    for (const path of [project, join(project, 'none'), link])
      t.strictSame(find(path), [{ why: 'writable', path: shared, mode: 0o777 }], path)
    chmodSync(shared, 0o1777)
    t.strictSame(find(project), [], 'the sticky bit protects files of other owners')
    chmodSync(shared, 0o755)

    t.comment('a link in the middle of a chain')
    const deploy = join(folder, 'deploy')
    mkdirSync(deploy)
    symlinkSync(project, join(deploy, 'current'))
    const chain = join(folder, 'chain')
    symlinkSync(join(deploy, 'current', 'workflows'), chain)
    t.strictSame(find(chain), [])
    chmodSync(deploy, 0o777)
    t.strictSame(find(chain), [{ why: 'writable', path: deploy, mode: 0o777 }])
    chmodSync(deploy, 0o755)
    if (uid === 0) {
      lchownSync(join(deploy, 'current'), 77777, 77777)
      t.strictSame(find(chain), [{ why: 'owner', path: join(deploy, 'current'), uid: 77777 }])
    }
    const theirs = { ...mine, uids: new Set([uid + 1]) }
    t.match(find(project, theirs), [
      { why: 'owner', path: folder, uid },
      { why: 'owner', path: shared },
      { why: 'owner', path: join(shared, 'own') },
    ])
  },
)

/**
 * Returns an access list in the Linux format of acl(5). The owner and a user may read and write,
 * the group and others may read.
 */
function accessListFor(uid: number): Buffer {
  const [owner, user, group, mask, others] = [0x01, 0x02, 0x04, 0x10, 0x20]
  const entries = [
    [owner, 6, 0xffffffff],
    [user, 6, uid],
    [group, 4, 0xffffffff],
    [mask, 6, 0xffffffff],
    [others, 4, 0xffffffff],
  ] as const
  const list = Buffer.alloc(4 + entries.length * 8)
  list.writeUInt32LE(2, 0)
  for (const [index, [tag, rights, id]] of entries.entries()) {
    list.writeUInt16LE(tag, 4 + index * 8)
    list.writeUInt16LE(rights, 6 + index * 8)
    list.writeUInt32LE(id, 8 + index * 8)
  }
  return list
}

t.test(
  'finds a file that its access control list lets another user write',
  { skip: process.platform !== 'linux' && 'only Linux stores the list in an attribute' },
  async t => {
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    chmodSync(file, 0o664)
    const uid = process.getuid?.() ?? 0
    const accounts = parseAccounts(`me:x:${uid}:${process.getgid?.() ?? 0}::/:/bin/sh\n`, '')
    const find = () => findUntrusted([file], { uids: new Set([uid]), accounts })[0]
    t.equal(find(), undefined)
    const list = accessListFor(77777)
    const setxattr = loadKoffi()
      .load(null)
      .func('int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)')
    t.equal(setxattr(file, 'system.posix_acl_access', list, list.length, 0), 0)
    t.match(find(), { why: 'writable', path: file, mode: 0o664 })
  },
)
