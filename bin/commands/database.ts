import { resolve } from 'node:path'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output.ts'
import { openProject, wordsOf } from '../project.ts'
import type { ProjectFlags } from '../project.ts'
import { withStore } from '../with-store.ts'

export async function checkDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const [info, check, rows] = await withStore(await openProject(flags), async store => [
    await store.call('store.info', {}),
    await store.call('store.check', {}),
    await store.call('rows.check', {}),
  ])
  const problems = [...check.problems, ...rows.map(({ message }) => message)]
  printResult({ ...info, ok: problems.length === 0, problems }, json, value => JSON.stringify(value, null, 2))
  return problems.length === 0 ? EXIT.done : EXIT.environmentUnfit
}

export async function backUpDatabase(flags: ProjectFlags, to: string, json: boolean): Promise<ExitCode> {
  const file = resolve(to)
  const project = await openProject(flags)
  const backup = await withStore(project, store => store.call('store.backup', { to: file }))
  printResult(backup, json, () => wordsOf(project).commands.copied(file))
  return EXIT.done
}
