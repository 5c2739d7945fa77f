import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { watchFiles } from '../../../lib/files/watch/watch-files.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

t.test(
  'reports an added, changed or removed file once it is at rest, however its folder is written',
  async t => {
    const root = newFolder()
    mkdirSync(join(root, 'sub'))
    const clock = new FakeClock()
    let told = 0
    // Windows spells this folder differently from the watcher.
    const folder = `${root}/sub/..`
    const onWarning = (message: string) => t.fail(message)
    const watch = watchFiles({
      folder,
      names: ['a.ts'],
      hasChanged: () => false,
      onChange: () => told++,
      onWarning,
      clock,
    })
    t.teardown(() => watch.close())
    const file = join(root, 'a.ts')
    await until('the file to be seen', () => {
      writeFileSync(file, String(performance.now()))
      return clock.waiting > 0
    })
    t.equal(told, 0, 'the file may still change')
    clock.advance(300)
    t.equal(told, 1)
    rmSync(file)
    await until('its end to be seen', () => clock.waiting > 0)
    clock.advance(300)
    t.equal(told, 2)
  },
)

t.test('reports a known change from before the watch as well', async t => {
  const folder = newFolder()
  const clock = new FakeClock()
  let told = 0
  const watch = watchFiles({
    ...{ folder, names: ['a.ts'], clock },
    hasChanged: () => true,
    onChange: () => told++,
    onWarning: message => t.fail(message),
  })
  t.teardown(() => watch.close())
  await until('the change to be seen', () => clock.waiting > 0)
  clock.advance(300)
  t.equal(told, 1)
})
