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

t.test('the root is found from any depth, by any marker, and the nearest counts', async t => {
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

t.test('no project says how to make one', async t => {
  t.throws(() => requireProjectRoot('/'), { code: 'no-project', message: /automate\.config\.ts/ })
})

t.test('a day folder is DD-MM-YYYY in local time', async t => {
  t.equal(dayName(new Date(2026, 0, 2, 0, 0, 0)), '02-01-2026')
  t.equal(dayName(new Date(2026, 10, 23, 23, 59, 59)), '23-11-2026')
})

t.test('a folder is made when it is asked for, for the user alone, and stands under the root', async t => {
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
  t.notOk(existsSync(paths.workflows), "the user's own folder is not made")
})

t.test('a project that is gone is not made again', async t => {
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
  t.throws(() => paths.crashes, refusal, 'a folder that a Chrome made is not the project')
  paths.place.removeRemains()
  t.ok(existsSync(join(root, 'data', 'profiles', 'chrome')), 'what is not empty stays')
  rmSync(join(root, 'data', 'profiles', 'chrome'), { recursive: true })
  paths.place.removeRemains()
  t.notOk(existsSync(root))

  mkdirSync(root)
  writeFileSync(join(root, PROJECT_MARKERS[0]), '')
  t.ok(existsSync(paths.crashes), 'another release of the project is the project')
  paths.place.removeRemains()
  t.ok(existsSync(root))
})
