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

/** Services that every project has, also before its scheduler has run. */
const ALWAYS = ['scheduler', 'cron', 'notifier', 'janitor']

/** Returns true if a project has names for the placeholder. */
export const hasNames = (placeholder: string): boolean =>
  ['workflow', 'service', 'worker'].includes(placeholder)

/**
 * The names in a project, from its files alone: nothing is loaded, made or asked for, since somebody waits with a finger on the key. A workflow is taken to be called
 * like its file, in `AUTOMATE_WORKFLOWS` or `workflows/`; a file with another name is left out, because a shell runs what a name such as `$(id).ts` says. A project that is
 * not trusted has no names. `isNamed` is as in `requireTrust`.
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

/** A project that has not run yet has no such folder. */
function whereThere<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
