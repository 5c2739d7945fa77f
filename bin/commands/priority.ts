import { AutomateError } from '../../lib/core/errors/errors.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { withStore } from '../../lib/app/project/with-store.ts'
import { parseJobId, priorityFlag } from '../job-flags.ts'

/**
 * Changes the priority of a waiting job.
 * @throws `usage` if the priority is out of range, `job-state` if the job is not waiting.
 */
export async function prioritiseJob(
  flags: ProjectFlags,
  id: string,
  priority: string,
  json: boolean,
): Promise<ExitCode> {
  const job = parseJobId(id)
  const to = priorityFlag(priority)
  const project = await openProject(flags)
  const { commands } = wordsOf(project)
  const { refused } = await withStore(project, store =>
    store.call('jobs.prioritise', { ids: [job], change: { to } }),
  )
  const [why] = refused
  if (why !== undefined) throw new AutomateError('job-state', why, { facts: { jobId: job } })
  printResult({ id: job, priority: to }, json, () => commands.prioritised(job, to))
  return EXIT.done
}
