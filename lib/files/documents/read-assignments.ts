import type { ProjectPaths } from '../../core/process/paths.ts'
import { Assignment } from '../../model/worker/documents.ts'
import { readDocumentsSync } from './read-documents.ts'

/** The folder holds launch documents too, `<worker>.launch.json`. */
const ASSIGNMENT = /^w[a-z0-9]+\.json$/

/**
 * Returns the last assignment of each worker whose file exists. The file is removed when the output of the worker has been redacted.
 * One that cannot be read is left out, and `onBroken` receives its error.
 */
export function readAssignments(paths: ProjectPaths, onBroken: (error: unknown) => void): Assignment[] {
  return readDocumentsSync(paths.assignments, Assignment, onBroken, ASSIGNMENT)
}
