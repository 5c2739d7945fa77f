import { cpSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { newToken } from '../../../lib/core/ids.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { readOwnerRecord, writeOwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import { livingScheduler } from '../../../lib/store/ownership/living-owner.ts'
import { takeOwnership } from '../../../lib/store/ownership/ownership.ts'
import type { Claim } from '../../../lib/store/ownership/ownership.ts'
import { loopDisk } from '../../helpers/processes/loop-disk.ts'
import { startProgram } from '../../helpers/program/program.ts'
import { OWN_THREAD, newFolder, newProject, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const OWNER = fileURLToPath(new URL('../../fixtures/store/owner.entry.ts', import.meta.url))

const claim = (lock: 'kernel' | 'lockfile'): Claim => ({
  paths: newProject(),
  role: 'scheduler',
  now: 5,
  makeEndpoint: () => 'somewhere',
  lock,
})

for (const lock of ['kernel', 'lockfile'] as const) {
  t.test(`only one of many concurrent claimers gets the database (${lock})`, async t => {
    const wanted = claim(lock)
    const takers = await Promise.all(Array.from({ length: 10 }, () => takeOwnership(wanted)))
    const [owner, ...others] = takers.filter(taker => taker !== undefined)
    t.ok(owner)
    t.strictSame(others, [])
    t.equal(await takeOwnership(wanted), undefined)
    await owner?.release()
    t.equal(readOwnerRecord(wanted.paths.owner), undefined, 'no owner is announced any more')
    const next = await takeOwnership(wanted)
    t.ok(next)
    await next?.release()
  })

  t.test(`announces the owner privately (${lock})`, async t => {
    const wanted = claim(lock)
    const owner = await takeOwnership(wanted)
    t.match(readOwnerRecord(wanted.paths.owner), {
      pid: process.pid,
      role: 'scheduler',
      since: 5,
      endpoint: 'somewhere',
      lock,
    })
    if (process.platform !== 'win32') {
      t.equal(statSync(wanted.paths.owner).mode & 0o777, 0o600)
      t.equal(statSync(wanted.paths.database, { throwIfNoEntry: false })?.mode ?? 0o100600, 0o100600)
    }
    await owner?.release()
  })
}

for (const lock of ['kernel', 'lockfile'] as const) {
  t.test(`an owner releases its lock on a disk that became read-only (${lock})`, async t => {
    const disk = loopDisk(t)
    if (typeof disk === 'string') {
      t.pass('a disk', { skip: disk })
      return
    }
    const paths = new ProjectPaths(disk.folder)
    const owner = await takeOwnership({ ...claim(lock), paths })
    t.ok(owner)
    disk.turnReadOnly()
    await owner?.release()
    t.match(readOwnerRecord(paths.owner), { pid: process.pid }, 'its announcement stays')
  })
}

t.test('the two kinds of lock respect each other', async t => {
  const kernel = claim('kernel')
  const first = await takeOwnership(kernel)
  t.equal(await takeOwnership({ ...kernel, lock: 'lockfile' }), undefined)
  await first?.release()
  const second = await takeOwnership({ ...kernel, lock: 'lockfile' })
  t.ok(second)
  t.equal(await takeOwnership(kernel), undefined)
  await second?.release()
})

t.test('ignores an invalid announcement', async t => {
  const { owner } = newProject()
  for (const text of ['', '{', '{"version":1}', 'null']) {
    writeFileSync(owner, text)
    t.equal(readOwnerRecord(owner), undefined)
  }
})

t.test('a waiting scheduler takes over the database when its owner is killed', async t => {
  const paths = newProject()
  const first = startProgram(t, OWNER, [paths.root, 'kernel'])
  first.say('go')
  await first.line('scheduler ')
  const second = startProgram(t, OWNER, [paths.root, 'kernel'])
  second.say('go')
  await second.line('client ')
  const client = await openTestStore(t, paths, 'client')
  await client.call('counters.increment', { name: 'n', by: 3 })
  const killedAt = Date.now()
  await first.kill()
  t.equal((await client.closed).reason, 'owner-gone')
  await second.line('owner-gone ')
  t.comment(`the successor owned the file after ${Number(await second.line('scheduler ')) - killedAt} ms`)
  const again = await openTestStore(t, paths, 'client')
  t.strictSame(await again.call('counters.read', { name: 'n' }), { value: 3 })
  await again.close()
  second.say('stop')
  t.strictSame(await second.exited, { code: 0, signal: null })
})

t.test('an owner by lock folder stops writing when it finds another owner announced', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', { ...OWN_THREAD, lock: 'lockfile' })
  await owner.call('counters.increment', { name: 'n' })
  const announced = readOwnerRecord(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  const wal = () => statSync(`${paths.database}-wal`, { bigint: true }).mtimeNs
  const before = wal()
  const usurper = { ...announced, token: newToken() }
  writeOwnerRecord(paths.owner, usurper)
  await t.rejects(owner.call('counters.increment', { name: 'n' }), { code: 'store-closed' })
  t.equal((await owner.closed).reason, 'lost-ownership')
  t.equal(wal(), before)
  t.strictSame(readOwnerRecord(paths.owner), usurper, "the other owner's announcement stays")
})

t.test('removing the lock folder ends the ownership', async t => {
  const wanted = claim('lockfile')
  const owner = await takeOwnership(wanted)
  if (owner === undefined) throw new Error('not taken')
  let lost = false
  void owner.lost.then(() => (lost = true))
  rmdirSync(`${wanted.paths.database}.lock`)
  await until('the loss to be noticed', () => lost)
  t.ok(lost)
})

for (const lock of ['kernel', 'lockfile'] as const) {
  t.test(`a copied project is independent of the original's scheduler (${lock})`, async t => {
    const paths = newProject()
    const original = startProgram(t, OWNER, [paths.root, lock])
    original.say('go')
    await original.line('scheduler ')
    const copy = new ProjectPaths(join(newFolder(), 'copy'))
    cpSync(paths.root, copy.root, { recursive: true, preserveTimestamps: true, filter: isNoSocket })
    t.equal(livingScheduler(paths.owner), original.pid)
    t.equal(livingScheduler(copy.owner), undefined)
    await t.rejects(openTestStore(t, copy, 'client', { waitMs: 50 }), {
      code: 'store-closed',
      message: /^No scheduler runs in .*copy/,
    })
    const command = await openTestStore(t, copy, 'transient')
    t.equal(command.role, 'transient')
    t.strictSame(await command.call('counters.increment', { name: 'n' }), { value: 1 })
    await command.close()
    const scheduler = await openTestStore(t, copy, 'scheduler')
    t.equal(scheduler.role, 'scheduler')
    await scheduler.close()
    const client = await openTestStore(t, paths, 'client')
    t.strictSame(await client.call('counters.read', { name: 'n' }), { value: 0 }, 'the original is reached')
    await client.close()
  })
}

t.test('accepts an announcement that may belong to the project', async t => {
  const paths = newProject()
  const wanted = { ...claim('kernel'), paths }
  const owner = await takeOwnership(wanted)
  const announced = readOwnerRecord(paths.owner)
  if (announced?.place === undefined) throw new Error('no place')
  const { place, ...withoutPlace } = announced
  const copy = new ProjectPaths(newFolder())
  writeOwnerRecord(copy.owner, announced)
  t.equal(readOwnerRecord(copy.owner), undefined, 'a copied announcement does not count')
  writeOwnerRecord(copy.owner, withoutPlace)
  t.strictSame(readOwnerRecord(copy.owner), withoutPlace, 'an earlier version announces no place')
  const mounted = { ...announced, place: { ...place, identity: `1${place.identity}` } }
  writeOwnerRecord(copy.owner, mounted)
  t.strictSame(readOwnerRecord(copy.owner), mounted, 'a container may see another device')
  await owner?.release()
  // Windows does not move a folder that contains an open file.
  writeOwnerRecord(paths.owner, announced)
  const moved = new ProjectPaths(join(newFolder(), 'moved'))
  renameSync(paths.root, moved.root)
  t.strictSame(readOwnerRecord(moved.owner), announced, 'the project was moved')
  cpSync(moved.root, paths.root, { recursive: true })
  t.strictSame(readOwnerRecord(moved.owner), announced, 'another project is in its place')
  t.strictSame(readOwnerRecord(paths.owner), announced, 'the data folder was replaced')
})

/** True if the path is no socket. On Linux the endpoint of an owner is in the data folder. */
const isNoSocket = (path: string): boolean => !statSync(path).isSocket()
