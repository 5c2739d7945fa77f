import { fileURLToPath } from 'node:url'
import t from 'tap'
import { shortOrLong } from '../helpers/long-form.ts'
import { startProgram } from '../helpers/program/program.ts'
import { OWN_THREAD, newProject, openTestStore } from '../helpers/store/project.ts'

const INCREMENTS = fileURLToPath(new URL('../fixtures/store/increments.entry.ts', import.meta.url))

const PROCESSES = shortOrLong(4, 8)
const TIMES = shortOrLong(200, 500)

t.test('concurrent increments of one counter by several processes are not lost', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const before = await owner.call('store.info', {})
  const programs = Array.from({ length: PROCESSES }, () =>
    startProgram(t, INCREMENTS, [paths.root, `${TIMES}`]),
  )
  const codes = (await Promise.all(programs.map(({ exited }) => exited))).map(({ code }) => code)
  const after = await owner.call('store.info', {})
  t.strictSame(
    codes,
    Array.from({ length: PROCESSES }, () => 0),
  )
  t.strictSame(await owner.call('counters.read', { name: 'n' }), { value: PROCESSES * TIMES })
  t.ok(after.commits - before.commits < PROCESSES * TIMES, 'several increments were committed together')
  t.strictSame(await owner.call('store.check', {}), { ok: true, problems: [] })
})
