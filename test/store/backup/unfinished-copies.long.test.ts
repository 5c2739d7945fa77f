import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'
import { prepareEmpty, prepareRestore } from '../../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../../lib/store/restore/replace-database.ts'
import { startChild } from '../../helpers/processes/child.ts'
import { PATIENT_MS, newFolder, newProject, openTestStore } from '../../helpers/store/project.ts'

const temporaryIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter(name => name.includes('.tmp')) : []

/** Kills a process in the middle of a copy. */
async function killInCopy(paths: ProjectPaths, backup: string, way: string): Promise<void> {
  const child = startChild('store/dies-in-a-copy.entry.ts', [paths.root, backup, way])
  t.match(await child.ended, { signal: 'SIGKILL' }, way)
}

t.test('a start removes unfinished copies of killed processes, and no other file', async t => {
  const paths = newProject()
  const other = newFolder()
  const first = await openTestStore(t, paths, 'scheduler')
  await first.call('store.backup', { to: join(other, 'good.db') })
  await first.close()
  // This copy comes first, because a restore removes the others.
  await killInCopy(paths, join(other, 'good.db'), 'restore')
  await killInCopy(paths, join(other, 'backup.db'), 'backup')
  await killInCopy(paths, '', 'upgrade')
  const backups = join(paths.data, 'backups')
  t.match([other, backups, paths.data].map(temporaryIn), [[/^backup\.db/], [/^before-/], [/^automate\.db/]])
  // A copy of another project, and a file of a person.
  const foreign = ['theirs.db.0b5a4e1c-0000-4000-8000-000000000000.tmp', 'mine.tmp']
  for (const name of foreign) writeFileSync(join(other, name), '')

  const second = await openTestStore(t, paths, 'scheduler')
  await second.close()
  t.strictSame([other, backups, paths.data].map(temporaryIn), [foreign.toSorted(), [], []])
  t.ok(existsSync(join(other, 'good.db')))
  t.notOk(existsSync(join(paths.data, 'unfinished-copies')))
})

t.test('a restore removes unfinished copies of killed processes', async t => {
  const paths = newProject()
  const other = newFolder()
  const first = await openTestStore(t, paths, 'scheduler')
  await first.close()
  await killInCopy(paths, join(other, 'backup.db'), 'backup')
  await replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
    prepareEmpty({ path: paths.database, migrations: readMigrations(), now: 1 }),
  )
  t.strictSame(temporaryIn(other), [])
})

t.test('the notes in a copied project remove no copy of the original project', async t => {
  const original = newProject()
  const other = newFolder()
  const first = await openTestStore(t, original, 'scheduler')
  await first.close()
  await killInCopy(original, join(other, 'backup.db'), 'backup')
  const copied = newProject()
  cpSync(original.data, copied.data, { recursive: true })
  const second = await openTestStore(t, copied, 'scheduler')
  await second.close()
  t.match(temporaryIn(other), [/^backup\.db/])
  const third = await openTestStore(t, original, 'scheduler')
  await third.close()
  t.strictSame(temporaryIn(other), [], 'the original project removes its copy')
})

t.test('a restore from an unfinished copy reads the copy before it removes any part', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  await first.call('counters.increment', { name: 'n' })
  const file = `${paths.database}.0b5a4e1c-0000-4000-8000-000000000000.tmp`
  await first.call('store.backup', { to: file })
  await first.close()
  await replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS, source: file }, () =>
    prepareRestore(file, { path: paths.database, migrations: readMigrations(), now: 1 }),
  )
  const second = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await second.call('counters.read', { name: 'n' }), { value: 1 })
})

t.test('keeps a copy that a living owner is writing', async t => {
  const paths = newProject()
  const other = newFolder()
  const owner = await openTestStore(t, paths, 'scheduler')
  const copies = Array.from({ length: 5 }, (_, n) => join(other, `${n}.db`))
  const written = copies.map(to => owner.call('store.backup', { to }))
  const client = await openTestStore(t, paths, 'transient')
  await client.call('counters.increment', { name: 'n' })
  await Promise.all(written)
  t.ok(copies.every(to => existsSync(to)))
})
