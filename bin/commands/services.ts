import { serviceState } from '../../lib/app/port/scheduler-phase.ts'
import { serviceWords } from '../../lib/locales/format/service-words.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import { readProjectState } from '../../lib/app/queries/project-state.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { wishService } from '../../lib/app/use-cases/wish-service.ts'
import type { ServiceWish } from '../../lib/app/use-cases/wish-service.ts'
import { readStore } from '../../lib/app/project/with-store.ts'

export async function showServices(flags: ProjectFlags, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const { paths } = project
  const known = await readStore(project, (store, alone) => readProjectState(paths, store, alone))
  printResult(known.services, json, list =>
    table(
      [...Object.values(words.commands.serviceColumns), ''],
      list.map(one => [
        one.name,
        serviceState({ name: one.name, actual: one.desired }, known, words),
        serviceState(one, known, words),
        localTime(one.since),
        one.restarts,
        serviceWords(one, words),
      ]),
    ),
  )
  return EXIT.done
}

/**
 * Starts, stops or restarts a service.
 * @throws The errors of `wishService`.
 */
export async function controlService(
  flags: ProjectFlags,
  wish: ServiceWish,
  name: string,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  await wishService(project, name, wish)
  printResult({ name, wish }, json, () => wordsOf(project).commands.wished[wish](name))
  return EXIT.done
}
