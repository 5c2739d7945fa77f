import type { ProjectPaths } from '../../core/process/paths.ts'
import { Assignment } from '../../model/worker/documents.ts'
import { readDocumentsSync } from './read-documents.ts'

/**
 * Matches assignments alone, because the folder holds launch documents too
 * (`<worker>.launch.json`).
 */
const ASSIGNMENT = /^w[a-z0-9]+\.json$/

/**
 * Returns the last assignment of each worker whose file exists. The file is removed once the output
 * of the worker has been redacted. An unreadable one is left out, and `onBroken` receives its
 * error.
 */
export function readAssignments(paths: ProjectPaths, onBroken: (error: unknown) => void): Assignment[] {
  return readDocumentsSync(paths.assignments, Assignment, onBroken, ASSIGNMENT)
}
