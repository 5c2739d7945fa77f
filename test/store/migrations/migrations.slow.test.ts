import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { migrate } from '../../../lib/store/migrations/migrate.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { schemaDifferences } from '../../../lib/store/migrations/schema-check.ts'
import { migrationsFolder, readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'

// Folder of the files for a migration NNNN. `NNNN-before.sql` fills a database of the previous
// version. `NNNN-after.sql` has SELECT statements (one a line) that each return 1 if the migration
// kept and changed the data correctly.
const FIXTURES = fileURLToPath(new URL('../../fixtures/migrations', import.meta.url))

const migrations = readMigrations(migrationsFolder())

for (const { number, name } of migrations) {
  const id = String(number).padStart(4, '0')
  const upTo = migrations.slice(0, number)
  const fixture = (when: string) => join(FIXTURES, `${id}-${when}.sql`)
  const open = async (t: Test) => {
    const db = await FileDatabase.open(join(newFolder(), 'automate.db'))
    t.teardown(() => db.close())
    return db
  }

  t.test(
    `migration ${id}-${name} applies to an empty database, and changes nothing when repeated`,
    async t => {
      const db = await open(t)
      t.equal(migrate(db, upTo, 1), number)
      const schema = db.all('SELECT * FROM sqlite_schema ORDER BY name')
      const applied = db.all('SELECT * FROM migrations')
      t.equal(migrate(db, upTo, 2), number)
      t.strictSame(db.all('SELECT * FROM sqlite_schema ORDER BY name'), schema)
      t.strictSame(db.all('SELECT * FROM migrations'), applied)
      t.strictSame(db.one('PRAGMA integrity_check'), { integrity_check: 'ok' })
    },
  )

  t.test(`migration ${id}-${name} keeps the data of the version before it`, async t => {
    const db = await open(t)
    migrate(db, migrations.slice(0, number - 1), 1)
    if (existsSync(fixture('before'))) db.exec(readFileSync(fixture('before'), 'utf8'))
    else t.equal(number, 1, `${fixture('before')} is missing: every migration after the first has one`)
    migrate(db, upTo, 2)
    const questions = readFileSync(fixture('after'), 'utf8')
      .split('\n')
      .filter(line => line.startsWith('SELECT'))
    t.ok(questions.length > 0)
    for (const question of questions) t.strictSame(Object.values(db.one(question) ?? {}), [1], question)
    t.strictSame(db.all('PRAGMA foreign_key_check'), [])
    t.strictSame(await schemaDifferences(db, migrations, join(newFolder(), 'scratch.db')), [])
  })
}
