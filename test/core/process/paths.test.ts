import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import {
  ProjectPaths,
  dayName,
  findProjectRoot,
  requireProjectRoot,
} from '../../../lib/core/process/paths.ts'
import { PROJECT_MARKERS } from '../../../lib/core/process/project-place.ts'
import { newFolder } from '../../helpers/store/project.ts'

t.test('finds the nearest root from any depth, by any marker', async t => {
  for (const marker of PROJECT_MARKERS) {
    const root = newFolder()
    const deep = join(root, 'a', 'b', 'c')
    mkdirSync(deep, { recursive: true })
    writeFileSync(join(root, marker), '')
    for (const from of [
      root,
      join(root, 'a'),
      deep,
      join(deep, 'not', 'there'),
      relative(process.cwd(), deep),
    ]) {
      t.equal(findProjectRoot(from), root, from)
    }
    writeFileSync(join(root, 'a', 'b', PROJECT_MARKERS[0]), '')
    t.equal(requireProjectRoot(deep), join(root, 'a', 'b'))
  }
})

t.test('the error for a missing project explains how to create one', async t => {
  t.throws(() => requireProjectRoot('/'), { code: 'no-project', message: /automate\.config\.ts/ })
})

t.test('a day folder is DD-MM-YYYY in local time', async t => {
  t.equal(dayName(new Date(2026, 0, 2, 0, 0, 0)), '02-01-2026')
  t.equal(dayName(new Date(2026, 10, 23, 23, 59, 59)), '23-11-2026')
})

t.test('creates a folder under the root on first use, private to the user', async t => {
  const root = newFolder()
  const paths = new ProjectPaths(root)
  t.notOk(existsSync(join(root, 'data')))
  for (const folder of [
    paths.workerStates,
    paths.crashes,
    paths.profiles,
    paths.logs('screenshots', new Date(2026, 2, 4)),
  ]) {
    t.ok(statSync(folder).isDirectory())
    if (process.platform !== 'win32') t.equal(statSync(folder).mode & 0o077, 0)
  }
  t.equal(paths.logs('screenshots', new Date(2026, 2, 4)), join(root, 'logs', '04-03-2026', 'screenshots'))
  t.equal(paths.database, join(root, 'data', 'automate.db'))
  t.notOk(existsSync(paths.workflows), "the user's own folder is not created")
})

t.test('does not create a removed project again', async t => {
  const root = newFolder()
  const paths = new ProjectPaths(root)
  const at = new Date(2026, 2, 4)
  paths.logs('workers', at)
  renameSync(root, `${root}-renamed`)
  const refusal = { code: 'environment-unfit', message: /was moved or removed/ }
  t.throws(() => paths.logs('workers', at), refusal)
  t.throws(() => paths.crashes, refusal)
  t.notOk(existsSync(root))
  mkdirSync(join(root, 'data', 'profiles', 'chrome'), { recursive: true })
  t.throws(() => paths.crashes, refusal, 'a folder that Chrome created is no project')
  paths.place.removeRemains()
  t.ok(existsSync(join(root, 'data', 'profiles', 'chrome')), 'a folder with content stays')
  rmSync(join(root, 'data', 'profiles', 'chrome'), { recursive: true })
  paths.place.removeRemains()
  t.notOk(existsSync(root))

  mkdirSync(root)
  writeFileSync(join(root, PROJECT_MARKERS[0]), '')
  t.ok(existsSync(paths.crashes), 'another release of the project counts as the project')
  paths.place.removeRemains()
  t.ok(existsSync(root))
})
