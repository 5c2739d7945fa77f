import {
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { watchSources } from '../../../lib/files/watch/watch-sources.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const onWarning = (message: string) => t.fail(message)

t.test('reports added, changed and removed sources, below the folder and in a new folder', async t => {
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
    onWarning,
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

t.test('reports changes since the last read, although no watch ran', async t => {
  const root = newFolder()
  const file = join(root, 'a.ts')
  writeFileSync(file, '')
  // A copy may keep the time of the content.
  utimesSync(file, new Date(0), new Date(0))
  const watchSince = async (since: number) => {
    const clock = new FakeClock()
    const watch = watchSources({ folders: [root], since, clock, onChange: () => undefined, onWarning })
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

t.test('reports a replaced folder, and watches the new one', async t => {
  const root = newFolder()
  const path = (...names: readonly string[]) => join(root, ...names)
  for (const release of ['r1', 'r2', 'moved']) {
    mkdirSync(path(release, 'sub'), { recursive: true })
    writeFileSync(path(release, 'sub', 'a.ts'), '')
  }
  /**
   * Points the path to another folder, as a deployment does. On Windows a junction needs no special
   * right.
   */
  const link = (release: string) => {
    rmSync(path('current'), { recursive: true, force: true })
    symlinkSync(path(release), path('current'), 'junction')
  }
  link('r1')
  // The files of all folders are older than the watch.
  const since = Math.max(...['r2', 'moved', 'current'].map(name => lstatSync(path(name)).ctimeMs)) + 1
  await until('a later time', () => systemClock.now() > since)
  let changes = 0
  const onChange = () => changes++
  const folders = [path('current')]
  const watch = watchSources({ folders, since, clock: systemClock, onChange, onWarning })
  t.teardown(() => watch.close())
  await watch.ready
  watch.check()
  const reported = async (what: string, change: () => void) => {
    const before = changes
    change()
    await until(what, () => {
      watch.check()
      return changes > before
    })
  }
  const edited = (...names: readonly string[]) =>
    reported(`an edit of ${names.join('/')}`, () => writeFileSync(path(...names), String(changes)))
  await edited('r1', 'sub', 'a.ts')
  await reported('a link that leads elsewhere', () => link('r2'))
  await edited('r2', 'sub', 'a.ts')
  await reported('a folder in place of the link', () => {
    rmSync(path('current'), { recursive: true })
    renameSync(path('moved'), path('current'))
  })
  await edited('current', 'sub', 'a.ts')
  mkdirSync(path('next'))
  await reported('another folder', () => {
    renameSync(path('current'), path('old'))
    renameSync(path('next'), path('current'))
  })
})

t.test('reports a link that was changed after the sources were read', t => {
  const root = newFolder()
  const folder = join(root, 'current')
  mkdirSync(join(root, 'r1'))
  const since = statSync(join(root, 'r1')).ctimeMs
  symlinkSync(join(root, 'r1'), folder, 'junction')
  const clock = new FakeClock()
  const watch = watchSources({ folders: [folder], since, clock, onChange: () => undefined, onWarning })
  t.teardown(() => watch.close())
  t.equal(clock.waiting, 1)
  t.end()
})
