import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../lib/core/clock.ts'
import { watchSources } from '../../lib/files/watch-sources.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { newFolder } from '../helpers/project.ts'
import { until } from '../helpers/until.ts'

t.test('sources that come, change and go are told, below the folder and where none was yet', async t => {
  const root = newFolder()
  const there = join(root, 'there')
  const later = join(root, 'later')
  mkdirSync(there)
  let changes = 0
  const watch = watchSources({
    folders: [there, later],
    since: systemClock.now(),
    clock: systemClock,
    onChange: () => changes++,
  })
  t.teardown(() => watch.close())
  await watch.ready
  const told = async (what: string, change: () => void) => {
    const before = changes
    change()
    await until(what, () => changes > before)
  }
  await told('a new file', () => writeFileSync(join(there, 'a.ts'), '1'))
  await told('a change', () => writeFileSync(join(there, 'a.ts'), '22'))
  await told('a shared module', () => {
    mkdirSync(join(there, 'shared'))
    writeFileSync(join(there, 'shared', 'b.ts'), '')
  })
  await told('a new folder', () => {
    mkdirSync(later)
    writeFileSync(join(later, 'c.ts'), '')
  })
  await told('a removal', () => rmSync(join(there, 'a.ts')))
  t.ok(changes >= 5)
})

t.test('what has changed since they were read is told, although nobody watched then', async t => {
  const root = newFolder()
  const file = join(root, 'a.ts')
  writeFileSync(file, '')
  // A copy may keep the time of the content.
  utimesSync(file, new Date(0), new Date(0))
  const watchSince = async (since: number) => {
    const clock = new FakeClock()
    const watch = watchSources({ folders: [root], since, clock, onChange: () => undefined })
    t.teardown(() => watch.close())
    await watch.ready
    return clock
  }
  const isTold = async (since: number, what: string) => {
    const clock = await watchSince(since)
    await until(what, () => clock.waiting > 0)
  }
  const changed = statSync(file).ctimeMs
  await isTold(changed, 'a change')
  t.equal((await watchSince(Math.max(changed, statSync(root).ctimeMs) + 1)).waiting, 0)
  rmSync(file)
  await isTold(statSync(root).mtimeMs, 'a removal')
})
