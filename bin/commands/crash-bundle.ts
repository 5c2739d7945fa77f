import { writeCrashBundle } from '../../lib/app/use-cases/crash-bundle.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { readCrash } from './crashes.ts'

/**
 * Writes the bundle of one crash and prints its path.
 * @throws `usage` or `job-missing`, and the errors of `writeCrashBundle`.
 */
export async function writeBundle(
  flags: ProjectFlags,
  id: string,
  file: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const target = await writeCrashBundle(
    project,
    await readCrash(project, id),
    file === undefined ? {} : { file },
  )
  printResult({ file: target }, json, () => wordsOf(project).commands.bundleIsIn(target))
  return EXIT.done
}
