import { resolve } from 'node:path'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output.ts'
import { openProject, wordsOf } from '../project.ts'
import type { ProjectFlags } from '../project.ts'
import { withStore } from '../with-store.ts'

export async function checkDatabase(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const [info, check] = await withStore(await openProject(flags), async store => [
    await store.call('store.info', {}),
    await store.call('store.check', {}),
  ])
  printResult({ ...info, ...check }, json, value => JSON.stringify(value, null, 2))
  return EXIT.done
}

export async function backUpDatabase(flags: ProjectFlags, to: string, json: boolean): Promise<ExitCode> {
  const file = resolve(to)
  const project = await openProject(flags)
  const backup = await withStore(project, store => store.call('store.backup', { to: file }))
  printResult(backup, json, () => wordsOf(project).commands.copied(file))
  return EXIT.done
}
