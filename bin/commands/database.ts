import { resolve } from 'node:path'
import { sanitiseLine } from '../../lib/core/sanitise.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output.ts'
import { languageOf, openProject, wordsOf } from '../project.ts'
import type { ProjectFlags } from '../project.ts'
import { withStore } from '../with-store.ts'

/** Says whether the database is intact, and what of it is not, with what to do. */
export async function checkDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags)
  const [info, check, rows] = await withStore(project, async store => [
    await store.call('store.info', {}),
    await store.call('store.check', {}),
    await store.call('rows.check', {}),
  ])
  const problems = [...check.problems, ...rows.map(({ message }) => message)]
  const t = translatorFor(languageOf(project))
  const { checked } = t.words.commands
  printResult({ ...info, ok: problems.length === 0, problems }, json, () =>
    [
      problems.length === 0 ? checked.intact : checked.problems(problems.length),
      ...problems.map(problem => `  ${sanitiseLine(problem)}`),
      ...(check.ok ? [] : [checked.damaged]),
      checked.file(sanitiseLine(info.path), t.bytes(info.sizeBytes)),
      checked.made(info.migration, info.sqliteVersion, info.journalMode),
    ].join('\n'),
  )
  return problems.length === 0 ? EXIT.done : EXIT.environmentUnfit
}

export async function backUpDatabase(flags: ProjectFlags, to: string, json: boolean): Promise<ExitCode> {
  const file = resolve(to)
  const project = await openProject(flags)
  const backup = await withStore(project, store => store.call('store.backup', { to: file }))
  printResult(backup, json, () => wordsOf(project).commands.copied(file))
  return EXIT.done
}
