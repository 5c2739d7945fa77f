import { fileURLToPath } from 'node:url'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kernelRangeLock, lockFile } from '../../../lib/platform/locks/file-lock.ts'
import { startProgram } from '../../helpers/program/program.ts'
import { until } from '../../helpers/until.ts'

const HOLDER = fileURLToPath(new URL('../../fixtures/platform/holds-lock.entry.ts', import.meta.url))

t.test('a file can be locked only once until it is released', async t => {
  const rangeLock = kernelRangeLock()
  if (rangeLock === undefined) throw new Error('koffi did not load: every system of the tests has it')
  const path = join(t.testdir(), 'file')
  const lock = lockFile(path, rangeLock)
  t.ok(lock)
  t.equal(lockFile(path, rangeLock), undefined)
  writeFileSync(path, 'written', { flag: 'a' })
  t.equal(
    lockFile(path, rangeLock),
    undefined,
    'closing another descriptor of the file does not release the lock',
  )
  lock?.release()
  const again = lockFile(path, rangeLock)
  t.ok(again)
  again?.release()
})

t.test('the lock of a killed process is free', async t => {
  const rangeLock = kernelRangeLock()
  if (rangeLock === undefined) throw new Error('koffi did not load')
  const path = join(t.testdir(), 'file')
  const holder = startProgram(t, HOLDER, [path])
  await holder.line('locked')
  t.equal(lockFile(path, rangeLock), undefined)
  const killedAt = performance.now()
  await holder.kill()
  const lock = await until('the lock to be free', () => lockFile(path, rangeLock))
  t.comment(`free after ${Math.round(performance.now() - killedAt)} ms`)
  lock.release()
})
