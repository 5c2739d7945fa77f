import { rmdirSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { newToken } from '../../lib/core/ids.ts'
import { readAnnouncement, writeAnnouncement } from '../../lib/store/ownership/announcement.ts'
import { takeOwnership } from '../../lib/store/ownership/ownership.ts'
import type { Claim } from '../../lib/store/ownership/ownership.ts'
import { startProgram } from '../helpers/program.ts'
import { OWN_THREAD, newProject, openTestStore } from '../helpers/project.ts'
import { until } from '../helpers/until.ts'

const OWNER = fileURLToPath(new URL('../fixtures/store/owner.entry.ts', import.meta.url))

const claim = (lock: 'kernel' | 'lockfile'): Claim => ({
  paths: newProject(),
  role: 'scheduler',
  now: 5,
  makeEndpoint: () => 'somewhere',
  lock,
})

for (const lock of ['kernel', 'lockfile'] as const) {
  t.test(`of many who want the database at once one gets it (${lock})`, async t => {
    const wanted = claim(lock)
    const takers = await Promise.all(Array.from({ length: 10 }, () => takeOwnership(wanted)))
    const [owner, ...others] = takers.filter(taker => taker !== undefined)
    t.ok(owner)
    t.strictSame(others, [])
    t.equal(await takeOwnership(wanted), undefined)
    await owner?.release()
    t.equal(readAnnouncement(wanted.paths.owner), undefined, 'nobody is announced any more')
    const next = await takeOwnership(wanted)
    t.ok(next)
    await next?.release()
  })

  t.test(`the owner is announced privately (${lock})`, async t => {
    const wanted = claim(lock)
    const owner = await takeOwnership(wanted)
    t.match(readAnnouncement(wanted.paths.owner), {
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

t.test('an announcement that is no announcement is none', async t => {
  const { owner } = newProject()
  for (const text of ['', '{', '{"version":1}', 'null']) {
    writeFileSync(owner, text)
    t.equal(readAnnouncement(owner), undefined)
  }
})

t.test('a scheduler that looked on owns the database when its owner is killed', async t => {
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

t.test('an owner by lock folder that finds another announced writes nothing more', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', { ...OWN_THREAD, lock: 'lockfile' })
  await owner.call('counters.increment', { name: 'n' })
  const announced = readAnnouncement(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  const wal = () => statSync(`${paths.database}-wal`, { bigint: true }).mtimeNs
  const before = wal()
  const usurper = { ...announced, token: newToken() }
  writeAnnouncement(paths.owner, usurper)
  await t.rejects(owner.call('counters.increment', { name: 'n' }), { code: 'store-closed' })
  t.equal((await owner.closed).reason, 'lost-ownership')
  t.equal(wal(), before)
  t.strictSame(readAnnouncement(paths.owner), usurper, "the other's announcement stays")
})

t.test('a lock folder that was taken away ends the ownership', async t => {
  const wanted = claim('lockfile')
  const owner = await takeOwnership(wanted)
  if (owner === undefined) throw new Error('not taken')
  let lost = false
  void owner.lost.then(() => (lost = true))
  rmdirSync(`${wanted.paths.database}.lock`)
  await until('the loss to be noticed', () => lost)
  t.ok(lost)
})
