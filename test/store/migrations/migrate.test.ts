import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { migrate } from '../../../lib/store/migrations/migrate.ts'
import { readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'
import { newFolder, newProject, openTestStore } from '../../helpers/store/project.ts'

const ONE = { '0001-one.sql': 'CREATE TABLE one (a);\nCREATE TABLE two (b);\n' }

async function open(t: Test): Promise<FileDatabase> {
  const db = await FileDatabase.open(join(newFolder(), 'automate.db'))
  t.teardown(() => db.close())
  return db
}

t.test('line ends of a checkout do not change a checksum', async t => {
  const folder = t.testdir({
    lf: ONE,
    crlf: { '0001-one.sql': ONE['0001-one.sql'].replaceAll('\n', '\r\n') },
  })
  t.strictSame(readMigrations(join(folder, 'crlf')), readMigrations(join(folder, 'lf')))
})

t.test('refuses an applied migration with a changed text, and changes nothing', async t => {
  const folder = t.testdir({ migrations: ONE })
  const db = await open(t)
  migrate(db, readMigrations(join(folder, 'migrations')), 1)
  writeFileSync(join(folder, 'migrations', '0001-one.sql'), 'CREATE TABLE other (a)')
  t.throws(() => migrate(db, readMigrations(join(folder, 'migrations')), 2), { code: 'migration-changed' })
  t.equal(db.one("SELECT 1 FROM sqlite_schema WHERE name = 'other'"), undefined)
})

t.test('rolls back a migration that fails halfway', async t => {
  const folder = t.testdir({ '0001-bad.sql': 'CREATE TABLE good (a); CREATE TABLE good (a);' })
  const db = await open(t)
  t.throws(() => migrate(db, readMigrations(folder), 1), { message: /already exists/ })
  t.equal(db.one("SELECT 1 FROM sqlite_schema WHERE name = 'good'"), undefined)
  t.strictSame(db.all('SELECT * FROM migrations'), [])
})

t.test('a failed upgrade rolls back the migrations before the failing one too', async t => {
  const folder = t.testdir({ migrations: ONE })
  const db = await open(t)
  migrate(db, readMigrations(join(folder, 'migrations')), 1)
  writeFileSync(join(folder, 'migrations', '0002-three.sql'), 'CREATE TABLE three (a)')
  writeFileSync(join(folder, 'migrations', '0003-bad.sql'), 'CREATE TABLE one (a)')
  t.throws(() => migrate(db, readMigrations(join(folder, 'migrations')), 2), { message: /already exists/ })
  t.equal(db.one("SELECT 1 FROM sqlite_schema WHERE name = 'three'"), undefined)
  t.strictSame(db.all('SELECT number FROM migrations'), [{ number: 1 }])
})

t.test('reports gaps and wrong names among the migrations as bugs', async t => {
  const folder = t.testdir({ gap: { '0002-two.sql': '' }, name: { 'one.sql': '' } })
  t.throws(() => readMigrations(join(folder, 'gap')), { code: 'bug', message: /Migration 1 is missing/ })
  t.throws(() => readMigrations(join(folder, 'name')), { code: 'bug', message: /NNNN-name/ })
})

t.test('refuses a database of a newer program, and leaves it as it is', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  await first.close()
  const db = await FileDatabase.open(paths.database)
  db.run("INSERT INTO migrations VALUES (9999, 'future', 'x', 0)")
  db.close()
  const before = readFileSync(paths.database)
  await t.rejects(openTestStore(t, paths, 'scheduler'), { code: 'store-newer', message: /migration 9999/ })
  const again = await FileDatabase.open(paths.database)
  t.teardown(() => again.close())
  t.strictSame(again.one('SELECT max(number) AS last FROM migrations'), { last: 9999 })
  t.equal(statSync(paths.database).size, before.length)
})
