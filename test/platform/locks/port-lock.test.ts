import { readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { PortLock, lockPort, sweepPortLocks } from '../../../lib/platform/locks/port-lock.ts'
import { startProgram } from '../../helpers/program/program.ts'

const HOLDER = fileURLToPath(new URL('../../fixtures/ports/locks-a-port.entry.ts', import.meta.url))

t.test('a port is locked once, names its owner, and can be locked again after its release', async t => {
  const folder = t.testdir()
  const unlock = lockPort(folder, 20_001, 5)
  t.match(PortLock.parse(JSON.parse(readFileSync(join(folder, '20001.json'), 'utf8'))), {
    port: 20_001,
    owner: { pid: process.pid },
    since: 5,
  })
  t.equal(lockPort(folder, 20_001, 5), undefined)
  unlock?.()
  t.strictSame(readdirSync(folder), [])
  t.type(lockPort(folder, 20_001, 5), 'function')
})

t.test('keeps the lock of a living process, and removes it after the process was killed', async t => {
  const folder = t.testdir()
  const holder = startProgram(t, HOLDER, [folder, '20002'])
  await holder.line('locked')
  t.strictSame(sweepPortLocks(folder, Date.now()), [])
  t.equal(lockPort(folder, 20_002, 5), undefined)
  await holder.kill()
  t.strictSame(sweepPortLocks(folder, Date.now()), [20_002])
  t.strictSame(readdirSync(folder), [])
})

t.test('an empty lock belongs to its writer at first, and is stale a minute later', async t => {
  const folder = t.testdir({ 'notes.txt': 'not a lock' })
  const path = join(folder, '20003.json')
  writeFileSync(path, '')
  const now = Date.now()
  t.strictSame(sweepPortLocks(folder, now), [])
  utimesSync(path, now / 1000 - 60, now / 1000 - 60)
  t.strictSame(sweepPortLocks(folder, now), [20_003])
  t.strictSame(readdirSync(folder), ['notes.txt'])
})
