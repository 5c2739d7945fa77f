import { resolve } from 'node:path'
import { refuseDanglingLink } from '../../lib/core/disk/dangling-link.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import type { LostSince } from '../../lib/store/restore/lost-since.ts'
import { prepareEmpty, prepareRestore } from '../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../lib/store/restore/replace-database.ts'
import { databaseExists, databasesSetAside } from '../../lib/store/quarantine.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult } from '../output/output.ts'
import { languageOf, openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { STORE_TIMEOUT_MS, readStore, withStore } from '../../lib/app/project/with-store.ts'

/** Checks the database, and prints that it is intact or each damage with its remedy. */
export async function checkDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const t = translatorFor(languageOf(project))
  const { checked } = t.words.commands
  const { data, database } = project.paths
  refuseDanglingLink(data)
  if (!databaseExists(database) && databasesSetAside(database).length === 0) {
    printResult({ path: database, ok: true, problems: [] }, json, () => checked.none)
    return EXIT.done
  }
  const [info, check, rows] = await readStore(project, async store => [
    await store.call('store.info', {}),
    await store.call('store.check', {}),
    await store.call('rows.check', {}),
  ])
  const problems = [...check.problems, ...rows.map(({ message }) => message)]
  printResult({ ...info, ok: problems.length === 0, problems }, json, () =>
    [
      problems.length === 0 ? checked.intact : checked.problems(problems.length),
      ...problems.map(problem => `  ${sanitiseLine(problem)}`),
      ...(check.ok ? [] : [checked.damaged]),
      checked.file(sanitiseLine(info.path), t.bytes(info.sizeBytes)),
      checked.made(info.migration, info.sqliteVersion, info.journalMode),
    ].join('\n'),
  )
  if (!check.ok) return EXIT.databaseDamaged
  return problems.length === 0 ? EXIT.done : EXIT.environmentUnfit
}

/**
 * Writes a backup of the database.
 * @throws `usage` if the project has no database yet.
 */
export async function backUpDatabase(flags: ProjectFlags, to: string, json: boolean): Promise<ExitCode> {
  const file = resolve(to)
  const project = await openProject(flags, { readOnly: true })
  const { data, database } = project.paths
  refuseDanglingLink(data)
  if (!databaseExists(database) && databasesSetAside(database).length === 0) {
    throw new AutomateError('usage', `There is no database to copy: ${database} does not exist yet.`)
  }
  const backup = await withStore(project, store => store.call('store.backup', { to: file }))
  printResult(backup, json, () => wordsOf(project).commands.copied(file))
  return EXIT.done
}

/** Replaces the database with a backup, and prints which changes are missing in the backup. */
export async function restoreDatabase(
  flags: ProjectFlags,
  from: string,
  { json, fromAnotherProject }: { readonly json: boolean; readonly fromAnotherProject: boolean },
): Promise<ExitCode> {
  const file = resolve(from)
  const project = await openProject(flags)
  const { aside, facts } = await replaceDatabase({ ...placeOf(project), source: file }, () =>
    prepareRestore(file, { ...preparationOf(project), anyProject: fromAnotherProject }),
  )
  const { commands } = wordsOf(project)
  printResult({ restored: file, aside, ...facts }, json, ({ newestAt, lost }) =>
    [
      commands.restored(file),
      ...(newestAt === null ? [] : [commands.newestInBackup(localTime(newestAt))]),
      ...(aside === null ? [] : [lossWords(lost, commands), commands.setAside(aside)]),
    ].join('\n'),
  )
  return EXIT.done
}

/** Replaces the database with an empty one. */
export async function newDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const { aside } = await replaceDatabase(placeOf(project), () => prepareEmpty(preparationOf(project)))
  const { commands } = wordsOf(project)
  printResult({ aside }, json, () =>
    [commands.emptyDatabase, ...(aside === null ? [] : [commands.setAside(aside)])].join('\n'),
  )
  return EXIT.done
}

/** Shrinks the database file to the size of its content. */
export async function vacuumDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const sizes = await withStore(project, store => store.call('store.vacuum', {}))
  const t = translatorFor(languageOf(project))
  printResult(sizes, json, ({ beforeBytes, afterBytes }) =>
    t.words.commands.vacuumed(t.bytes(beforeBytes), t.bytes(afterBytes)),
  )
  return EXIT.done
}

const placeOf = ({ paths }: Project) => ({ paths, clock: systemClock, waitMs: STORE_TIMEOUT_MS })

const preparationOf = ({ paths }: Project) => ({
  path: paths.database,
  migrations: readMigrations(),
  now: systemClock.now(),
})

function lossWords(lost: LostSince | null, commands: Catalogue['commands']): string {
  if (lost === null) return commands.lossUnknown
  const counts = [
    lost.jobsQueued > 0 ? commands.lost.jobsQueued(lost.jobsQueued) : null,
    lost.jobsEnded > 0 ? commands.lost.jobsEnded(lost.jobsEnded) : null,
    lost.crashReports > 0 ? commands.lost.crashReports(lost.crashReports) : null,
    lost.logins > 0 ? commands.lost.logins(lost.logins) : null,
  ].filter(words => words !== null)
  return counts.length === 0 ? commands.nothingLost : commands.lostSince(counts.join(', '))
}
