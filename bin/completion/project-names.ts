import { basename, extname, join, resolve } from 'node:path'
import { findProjectRoot } from '../../lib/core/paths.ts'
import { systemCode } from '../../lib/core/errors.ts'
import { ServiceDocument, WorkerDocument } from '../../lib/domain/documents.ts'
import { readDocumentsSync } from '../../lib/files/read-documents.ts'
import { workflowFiles } from '../../lib/catalogue/workflow-files.ts'
import type { Names } from './candidates.ts'

/** Services that every project has, also before its scheduler has run. */
const ALWAYS = ['scheduler', 'cron', 'notifier', 'janitor']

/**
 * The names in a project, from its files alone: nothing is loaded, made or asked for, since somebody waits with a finger on the key. A workflow is taken to be called
 * like its file, in `AUTOMATE_WORKFLOWS` or `workflows/`.
 */
export function projectNames(from: string): Names {
  const root = findProjectRoot(from)
  if (root === undefined) return () => []
  const state = (folder: string) => join(root, 'data', 'state', folder)
  return placeholder => {
    switch (placeholder) {
      case 'workflow':
        return (process.env['AUTOMATE_WORKFLOWS'] ?? 'workflows')
          .split(',')
          .flatMap(folder => workflowFiles(resolve(root, folder.trim())))
          .map(file => basename(file, extname(file)))
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

/** A project that has not run yet has no such folder. */
function whereThere<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
