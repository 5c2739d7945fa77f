import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { tryUpgrade } from '../../../lib/store/backup/upgrade-trial.ts'
import { notMigrated } from '../../../lib/store/backup/upgrade-backup.ts'
import { readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'

const migrations = readMigrations()
const later = (sql: string) => [
  ...migrations,
  { number: migrations.length + 1, name: 'later', checksum: 'x', sql },
]
const works = later('CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT')

t.test('tries an upgrade on a copy, and removes the copy', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  const backups = join(paths.data, 'backups')
  await tryUpgrade(paths, works, systemClock)
  await t.rejects(tryUpgrade(paths, later('SELECT * FROM nowhere'), systemClock), {
    code: 'store-refused',
    message: /the migration of a copy failed: .*no such table: nowhere.*\. Nothing was changed\./,
  })
  t.strictSame(readdirSync(backups), [])
  t.equal((await store.call('store.info', {})).migration, migrations.length)
})

t.test('a trial without space for a backup fails, and reports the reason', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler')
  writeFileSync(join(paths.data, 'backups'), 'a file stands where the folder would be')
  await t.rejects(tryUpgrade(paths, works, systemClock), {
    code: 'store-refused',
    message: /the backup before the migration failed: .*[^.]\. Nothing was changed\./,
  })
})

t.test('the next trial removes the copy of a killed one', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler')
  const backups = join(paths.data, 'backups')
  mkdirSync(backups, { recursive: true })
  const killed = 'upgrade-trial.6f1b24c5-8a9e-4d0b-9f35-0c2d1f7f4a11.tmp'
  for (const name of [killed, `${killed}-wal`, 'daily.db']) writeFileSync(join(backups, name), '')
  await tryUpgrade(paths, works, systemClock)
  t.strictSame(readdirSync(backups), ['daily.db'])
})

t.test('does not touch a database without an owner', async t => {
  const paths = newProject()
  await tryUpgrade(paths, works, systemClock)
  t.notOk(readdirSync(paths.data).includes('backups'))
})

t.test('a reason that is a sentence ends with one full stop', t => {
  const reason = new Error('There is no space. Free some, and try again.')
  const { message } = notMigrated(
    'automate.db',
    'the backup before the migration failed',
    reason,
    'Mend that.',
  )
  t.match(message, 'failed: There is no space. Free some, and try again. Nothing was changed. Mend that.')
  t.end()
})
