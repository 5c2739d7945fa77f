import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import {
  PROJECT_MARKERS,
  ProjectPaths,
  dayName,
  findProjectRoot,
  requireProjectRoot,
} from '../../../lib/core/process/paths.ts'
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
