import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { prepareRestore } from '../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../lib/store/restore/replace-database.ts'
import { databasesSetAside, quarantine } from '../../lib/store/quarantine.ts'
import { startChild } from '../helpers/processes/child.ts'
import { PATIENT_MS, newProject, openTestStore } from '../helpers/store/project.ts'

const restore = (paths: ProjectPaths, backup: string) =>
  replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
    prepareRestore(backup, {
      path: paths.database,
      migrations: readMigrations(),
      now: systemClock.now(),
    }),
  )

/** Makes a database whose only counter is in its write-ahead log, as a killed owner leaves it. */
async function databaseWithLog(): Promise<ProjectPaths> {
  const paths = newProject()
  const store = await openTestStore(t, newProject(), 'scheduler')
  await store.call('counters.increment', { name: 'n' })
  const { path } = await store.call('store.info', {})
  for (const part of ['', '-wal']) copyFileSync(path + part, paths.database + part)
  await store.close()
  return paths
}

/**
 * Sets the database of a project aside in a process that dies before its change number `at`.
 * Returns true if the process died.
 */
async function setAsideUntil(paths: ProjectPaths, at: number): Promise<boolean> {
  const child = startChild('store/sets-aside.entry.ts', [paths.database], {
    preload: ['dies-at-nth-change.ts'],
    env: { ...process.env, DIES_AT: String(at) },
  })
  return (await child.ended).signal === 'SIGKILL'
}

t.test('a crash at any step of setting a database aside loses no commit', async t => {
  let steps = 0
  for (let died = true; died; steps += 1) {
    const paths = await databaseWithLog()
    died = await setAsideUntil(paths, steps)
    const opened = await openTestStore(t, paths, 'scheduler').catch(async (error: unknown) => {
      t.match(error, { code: 'store-damaged', message: /was set aside/ }, `stopped before change ${steps}`)
      const [aside = 'none'] = databasesSetAside(paths.database)
      await restore(paths, aside)
      return openTestStore(t, paths, 'scheduler')
    })
    t.strictSame(
      await opened.call('counters.read', { name: 'n' }),
      { value: 1 },
      `stopped before change ${steps}`,
    )
    await opened.close()
    t.notOk(readdirSync(paths.data).some(name => name.endsWith('.setting-aside')))
  }
  t.ok(steps > 4, 'the note, the database, its log and the end of the note')
})

t.test('does not apply the log of another database to one that was set aside', async t => {
  const paths = await databaseWithLog()
  const aside = quarantine(paths.database, 1, 'replaced')
  const other = await databaseWithLog()
  copyFileSync(`${other.database}-wal`, `${paths.database}-wal`)
  await t.rejects(openTestStore(t, paths, 'scheduler'), { code: 'store-damaged' })
  t.strictSame(
    readdirSync(paths.data).filter(name => name.startsWith('automate.db') && name.endsWith('-wal')),
    ['automate.db-wal', `${(aside ?? '').slice(join(paths.data, '/').length)}-wal`],
  )
})
