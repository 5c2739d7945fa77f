import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { backupFor } from '../../../lib/store/backup/upgrade-backup.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { migrate } from '../../../lib/store/migrations/migrate.ts'
import { readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'
import { openDatabase } from '../../../lib/store/open-database.ts'
import { newProject } from '../../helpers/store/project.ts'

const OLDEST = fileURLToPath(new URL('../../fixtures/migrations/0002-before.sql', import.meta.url))
const migrations = readMigrations()

/** Makes a database of the first version with data. */
async function oldDatabase(path: string): Promise<void> {
  const old = await FileDatabase.open(path)
  migrate(old, migrations.slice(0, 1), 1)
  old.exec(readFileSync(OLDEST, 'utf8'))
  old.close()
}

t.test('copies the oldest database unchanged before it is migrated', async t => {
  const { database: path } = newProject()
  await oldDatabase(path)
  const database = await openDatabase(path, migrations, 1)
  database.close()
  const copy = backupFor(path, 1)
  t.match(copy, /before-.+-migration-1-19700101T000000001Z\.db$/)
  const copied = await FileDatabase.open(copy ?? '')
  t.strictSame(copied.all('SELECT number FROM migrations'), [{ number: 1 }])
  t.strictSame(copied.one('PRAGMA integrity_check'), { integrity_check: 'ok' })
  copied.close()

  const again = await openDatabase(path, migrations, 2)
  again.close()
  t.equal(
    readdirSync(dirname(copy ?? '')).filter(name => name.endsWith('.db')).length,
    1,
    'only an upgrade makes a copy',
  )
  await t.rejects(openDatabase(path, migrations.slice(0, 1), 3), {
    code: 'store-newer',
    message: `automate-tui db restore "${copy ?? ''}"`,
  })
})

/** Migration that always fails, after this program's own. */
const failing = {
  number: migrations.length + 1,
  name: 'failing',
  checksum: 'x',
  sql: 'SELECT * FROM nowhere',
}

const copiesOf = (data: string): string[] =>
  readdirSync(join(data, 'backups')).filter(name => name.startsWith('before-'))

t.test('a migration that fails at each start leaves one intact copy of each state', async t => {
  const { database: path, data } = newProject()
  await oldDatabase(path)
  const start = (now: number) => openDatabase(path, [...migrations, failing], now)
  for (const now of [1, 2, 3, 4]) await t.rejects(start(now), { message: /no such table/ })
  // The migrations before the failing one are undone with it, so every start copies the same state.
  t.strictSame(
    copiesOf(data).map(name => /migration-(\d+)/.exec(name)?.[1]),
    ['1'],
  )
  const [copy = ''] = copiesOf(data)
  const bytes = readFileSync(join(data, 'backups', copy))
  writeFileSync(join(data, 'backups', copy), bytes.fill('x', bytes.length / 2))
  await t.rejects(start(5), { message: /no such table/ })
  t.equal(copiesOf(data).length, 2, 'a damaged copy does not count')

  const database = await openDatabase(path, migrations, 6)
  database.run("INSERT INTO counters (name, value) VALUES ('n', 1)")
  database.close()
  await t.rejects(start(7), { message: /no such table/ })
  t.equal(copiesOf(data).length, 3, 'a copy of another state does not count')
})

t.test('makes no copy if an upgrade is refused', async t => {
  const { database: path, data } = newProject()
  await oldDatabase(path)
  const [first, ...later] = migrations
  if (first === undefined) throw new Error('there are no migrations')
  const changed = [{ ...first, checksum: 'another' }, ...later]
  await t.rejects(openDatabase(path, changed, 1), { code: 'migration-changed' })
  t.notOk(readdirSync(data).includes('backups'))
})

t.test('makes no copy of a new database', async t => {
  const { database: path, data } = newProject()
  const database = await openDatabase(path, migrations, 1)
  database.close()
  t.notOk(readdirSync(data).includes('backups'))
})

t.test('migrates nothing without a backup', async t => {
  const { database: path, data } = newProject()
  await oldDatabase(path)
  writeFileSync(join(data, 'backups'), 'a file stands where the folder would be')
  const before = readFileSync(path)
  const refused = { code: 'store-refused', message: /Nothing was changed/ }
  await t.rejects(openDatabase(path, migrations, 1), refused)
  t.ok(readFileSync(path).equals(before))
})

t.test('names the newest copy that a version can open', t => {
  const { database: path, data } = newProject()
  mkdirSync(join(data, 'backups'))
  for (const name of [
    'before-0.2.0-migration-4-20260101T000000000Z.db',
    'before-0.2.0-migration-4-20260102T000000000Z.db',
    'before-0.3.0-migration-9-20260103T000000000Z.db',
    'daily.db',
  ])
    writeFileSync(join(data, 'backups', name), '')
  t.match(backupFor(path, 5), /20260102/)
  t.match(backupFor(path, 9), /20260103/)
  t.equal(backupFor(path, 3), undefined)
  t.end()
})
