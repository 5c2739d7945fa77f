import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startProgram } from '../helpers/program/program.ts'
import { OWN_THREAD, newProject, openTestStore } from '../helpers/store/project.ts'

const INCREMENTS = fileURLToPath(new URL('../fixtures/store/increments.entry.ts', import.meta.url))

t.test('8 processes that raise one counter 500 times each make exactly 4000', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const before = await owner.call('store.info', {})
  const programs = Array.from({ length: 8 }, () => startProgram(t, INCREMENTS, [paths.root, '500']))
  const codes = (await Promise.all(programs.map(({ exited }) => exited))).map(({ code }) => code)
  const after = await owner.call('store.info', {})
  t.strictSame(
    codes,
    Array.from({ length: 8 }, () => 0),
  )
  t.strictSame(await owner.call('counters.read', { name: 'n' }), { value: 4000 })
  t.ok(after.commits - before.commits < 4000, 'several were committed together')
  t.strictSame(await owner.call('store.check', {}), { ok: true, problems: [] })
})
