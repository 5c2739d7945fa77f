import { basename, extname, join, resolve } from 'node:path'
import { findProjectRoot } from '../../lib/core/process/paths.ts'
import { PROJECT_MARKERS } from '../../lib/core/process/project-place.ts'
import { isAutomateError, systemCode } from '../../lib/core/errors/errors.ts'
import { ServiceDocument, WorkerDocument } from '../../lib/model/worker/documents.ts'
import { WorkflowName } from '../../lib/model/job/workflow.ts'
import { readDocumentsSync } from '../../lib/files/documents/read-documents.ts'
import { workflowFiles } from '../../lib/catalogue/workflow-files.ts'
import { codePaths } from '../../lib/platform/trust/code-paths.ts'
import { ownPaths } from '../../lib/platform/trust/own-paths.ts'
import { requireTrust } from '../../lib/app/project/require-trust.ts'
import type { TrustQuestion } from '../../lib/app/project/require-trust.ts'
import type { Names } from './candidates.ts'

/** Services of every project, even before its scheduler has run. */
const ALWAYS = ['scheduler', 'cron', 'notifier', 'janitor']

/** True if a placeholder stands for names in a project. */
export const hasNames = (placeholder: string): boolean =>
  ['workflow', 'service', 'worker'].includes(placeholder)

/**
 * Returns the names in a project, read from its files only. Does not load, create or request
 * anything, because a person is waiting for the completion. Workflows are named by their files in
 * `AUTOMATE_WORKFLOWS` or `workflows/`. A file whose name is not a valid workflow name is left out,
 * because a shell could execute the code in a name such as `$(id).ts`. A project that is not
 * trusted has no names. `isNamed` is as in `requireTrust`.
 */
export async function projectNames(from: string, isNamed: boolean): Promise<Names> {
  const root = findProjectRoot(from)
  if (root === undefined) return () => []
  const state = (folder: string) => join(root, 'data', 'state', folder)
  const folders = (process.env['AUTOMATE_WORKFLOWS'] ?? 'workflows')
    .split(',')
    .map(folder => resolve(root, folder.trim()))
  const paths = [
    ...PROJECT_MARKERS.map(marker => join(root, marker)),
    ...ownPaths(root),
    ...folders.flatMap(codePaths),
  ]
  if (!(await isTrusted({ root, paths, isNamed: isNamed && resolve(from) === root }))) return () => []
  return placeholder => {
    switch (placeholder) {
      case 'workflow':
        return folders
          .flatMap(workflowFiles)
          .map(file => basename(file, extname(file)))
          .filter(name => WorkflowName.safeParse(name).success)
      case 'service':
        return [
          ...new Set([
            ...ALWAYS,
            ...whereThere(() => readDocumentsSync(state('services'), ServiceDocument)).map(
              ({ name }) => name,
            ),
          ]),
        ]
      case 'worker':
        return whereThere(() => readDocumentsSync(state('workers'), WorkerDocument))
          .filter(one => one.state !== 'exited')
          .map(({ workerId }) => workerId)
      default:
        return []
    }
  }
}

async function isTrusted(question: Omit<TrustQuestion, 'env'>): Promise<boolean> {
  try {
    await requireTrust({ ...question, env: process.env })
    return true
  } catch (error) {
    if (isAutomateError(error)) return false
    throw error
  }
}

/**
 * Returns the result of `read`, or an empty list if its folder does not exist, because the project
 * was never run.
 */
function whereThere<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
