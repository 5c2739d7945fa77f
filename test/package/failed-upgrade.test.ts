import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import { SchedulerDocument } from '../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../lib/files/documents/atomic-json.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { Automate } from '../helpers/program/automate.ts'
import { Installation, buildVersion } from '../helpers/program/two-versions.ts'
import { openTestStore } from '../helpers/store/project.ts'
import { until } from '../helpers/until.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'automate-tui-failed-upgrade-')))
t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
const newFolder = (...names: readonly string[]) => {
  const path = join(folder, ...names)
  mkdirSync(path, { recursive: true })
  return path
}
const later = `${readMigrations().length + 1}`.padStart(4, '0')
const [before, after, broken] = [newFolder('before'), newFolder('after'), newFolder('broken')]
buildVersion(before, '1.0.0')
buildVersion(after, '2.0.0', [`${later}-later.sql`, 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;'])
buildVersion(broken, '2.0.1', [`${later}-later.sql`, 'ALTER TABLE nowhere ADD COLUMN later INTEGER;'])

/** Starts a scheduler of the previous version in its own project. */
async function startBefore(t: Test, name: string) {
  const root = newFolder(name, 'project')
  mkdirSync(join(root, 'workflows'))
  const config = { workers: 1, warmWorkers: 0, notify: { bell: true } }
  writeFileSync(join(root, 'automate.config.js'), `export default ${JSON.stringify(config)}\n`)
  const installed = new Installation(newFolder(name, 'app'))
  installed.write(before)
  const scheduler = new Automate(t, ['--no-tui', '--json'], { cwd: root, program: installed.program })
  const paths = new ProjectPaths(root)
  const state = () => readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)
  await until('the version before', () => state()?.phase === 'scheduling')
  const replace = (built: string) => {
    installed.remove()
    installed.write(built)
  }
  /** Returns the reasons in the notices of a failed restart. */
  const reasons = () =>
    scheduler
      .events()
      .map(line => JSON.stringify(line))
      .filter(line => line.includes('restart-failed'))
  return { scheduler, paths, state, replace, reasons }
}

t.test('retries an upgrade whose backup fails until a backup exists', async t => {
  const { scheduler, paths, state, replace, reasons } = await startBefore(t, 'no-backup')
  const backups = join(paths.data, 'backups')
  rmSync(backups, { recursive: true, force: true })
  writeFileSync(backups, 'a file in the place of the folder')
  replace(after)
  await scheduler.event('the notice', () => reasons().length > 0)
  t.match(reasons()[0], /the backup before the migration failed: [^"]*[^.]\. Nothing was changed\./)
  t.match(state(), { program: '1.0.0', pid: scheduler.pid })
  rmSync(backups)
  await until('the new version', () => state()?.program === '2.0.0')
  if (process.platform !== 'win32') t.equal(state()?.pid, scheduler.pid, 'the process is the same')
  t.equal(reasons().length, 1, 'the failure is reported once')
  t.match(readdirSync(backups), [/^before-2\.0\.0-migration-/], 'the trial leaves no copy')
})

t.test('a version whose migration fails leaves the scheduler to the previous version', async t => {
  const { scheduler, paths, state, replace, reasons } = await startBefore(t, 'broken-migration')
  replace(broken)
  await scheduler.event('the notice', () => reasons().length > 0)
  t.match(reasons()[0], /the migration of a copy failed: .*no such table: nowhere/)
  t.match(state(), { program: '1.0.0', pid: scheduler.pid, phase: 'draining' })
  replace(before)
  await until('the version before to go on', () => state()?.phase === 'scheduling')
  t.match(state(), { program: '1.0.0', pid: scheduler.pid, replaced: null })
  t.strictSame(readdirSync(join(paths.data, 'backups')), [])
  const store = await openTestStore(t, paths, 'client')
  t.equal((await store.call('store.info', {})).migration, readMigrations().length)
})
