import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { takeOwnership } from '../../lib/store/ownership/ownership.ts'
import { prepareRestore } from '../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../lib/store/restore/replace-database.ts'
import { startProgram } from '../helpers/program/program.ts'
import { OWN_THREAD, PATIENT_MS, newFolder, newProject, openTestStore } from '../helpers/store/project.ts'

const OWNER = fileURLToPath(new URL('../fixtures/store/owner.entry.ts', import.meta.url))

/** Reason to skip: Windows does not remove an open file like this. */
const skip = process.platform === 'win32' && 'an open file keeps its name'

const WAYS: Readonly<Record<string, (database: string) => void>> = {
  removed: database => {
    for (const part of ['', '-wal']) rmSync(database + part)
  },
  moved: database => renameSync(database, join(newFolder(), 'moved.db')),
  'replaced by another file': database => {
    renameSync(database, join(newFolder(), 'moved.db'))
    writeFileSync(database, '')
  },
}

const copiesOf = ({ data }: ProjectPaths) =>
  readdirSync(data).filter(name => name.startsWith('automate.db.replaced-'))

for (const [way, act] of Object.entries(WAYS))
  t.test(`an owner whose database is ${way} saves it in a copy and stops`, { skip }, async t => {
    const paths = newProject()
    const store = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
    await store.call('counters.increment', { name: 'n' })
    act(paths.database)
    await t.rejects(store.call('counters.increment', { name: 'n' }), { code: 'store-closed' })
    const { reason, error } = await store.closed
    const [copy = '', ...others] = copiesOf(paths)
    t.equal(reason, 'lost-ownership')
    t.match(error, { code: 'store-damaged', message: /was removed or replaced while it was in use/ })
    t.equal(error?.facts['copy'], join(paths.data, copy))
    t.strictSame(others, [])

    await t.rejects(openTestStore(t, paths, 'scheduler', OWN_THREAD), {
      code: 'store-damaged',
      message: /An empty database is not created/,
    })
    await replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
      prepareRestore(join(paths.data, copy), {
        path: paths.database,
        migrations: readMigrations(),
        now: systemClock.now(),
      }),
    )
    const next = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
    t.strictSame(await next.call('counters.read', { name: 'n' }), { value: 1 }, 'the acknowledged write')
  })

t.test('an owner whose write-ahead log is removed saves its content and stops', { skip }, async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  await store.call('counters.increment', { name: 'n' })
  rmSync(`${paths.database}-wal`)
  await t.rejects(store.call('counters.increment', { name: 'n' }), { code: 'store-closed' })
  t.match((await store.closed).error, { code: 'store-damaged', message: /or its write-ahead log/ })
  t.equal(copiesOf(paths).length, 1)
  const next = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  t.strictSame(await next.call('counters.read', { name: 'n' }), { value: 1 }, 'the file contains it too')
})

t.test('a removed database gets no second owner while the first one lives', { skip }, async t => {
  const paths = newProject()
  const owner = startProgram(t, OWNER, [paths.root, 'kernel'])
  await owner.line('loaded')
  owner.say('go')
  await owner.line('scheduler ')
  rmSync(paths.database)
  const claim = { paths, role: 'scheduler', now: 5, makeEndpoint: () => 'somewhere' } as const
  t.equal(await takeOwnership(claim), undefined)
  await owner.kill()
  const next = await takeOwnership(claim)
  t.ok(next)
  await next?.release()
})
