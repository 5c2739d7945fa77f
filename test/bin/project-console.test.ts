import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openProject } from '../../bin/project.ts'
import { ProjectConsole } from '../../bin/project-console.ts'
import type { Snapshot } from '../../screens/snapshot.ts'
import { newProject } from '../helpers/project.ts'
import { until } from '../helpers/until.ts'

/** A console whose scheduler cannot start: the browser that it is to use is not there. */
async function consoleInTrouble() {
  const paths = newProject()
  writeFileSync(join(paths.root, 'automate.config.ts'), 'export default {}\n')
  const port = new ProjectConsole(await openProject({ root: paths.root, browser: '/no/such/browser' }))
  let seen: Snapshot | null = null
  port.subscribe(snapshot => (seen = snapshot))
  await port.open()
  const inTrouble = () => until('the trouble', () => seen?.problem?.includes('/no/such/browser'))
  await inTrouble()
  return { paths, port, inTrouble, seen: () => seen }
}

t.test('taking over that is asked for twice happens once', async t => {
  const { paths, port, inTrouble, seen } = await consoleInTrouble()
  t.teardown(() => port.close())
  const asked = [port.perform({ type: 'take-over' }), port.perform({ type: 'take-over' })]
  t.same(await Promise.all(asked), [{ ok: true }, { ok: true }])
  await inTrouble()
  await until('the store', () => seen()?.connection === 'scheduling')
  t.same(await port.perform({ type: 'quit', mode: 'drain' }), { ok: true })
  t.notOk(existsSync(paths.owner), 'no session is left')
})

t.test('taking over that failed can be asked for again, and the console can be left', async t => {
  const { paths, port, inTrouble } = await consoleInTrouble()
  t.teardown(() => port.close())
  renameSync(paths.database, `${paths.database}.away`)
  mkdirSync(paths.database)
  t.match(await port.perform({ type: 'take-over' }), { ok: false, message: /EISDIR|EACCES|EPERM/ })
  t.same(await port.perform({ type: 'quit', mode: 'now' }), { ok: true })

  rmSync(paths.database, { recursive: true })
  t.same(await port.perform({ type: 'take-over' }), { ok: true })
  await inTrouble()
  const left = [port.perform({ type: 'take-over' }), port.perform({ type: 'quit', mode: 'now' })]
  t.same(await Promise.all(left), [{ ok: true }, { ok: true }], 'also while it takes over')
  t.notOk(existsSync(paths.owner), 'no session is left')
})
