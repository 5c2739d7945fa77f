import type { ProjectPaths } from '../../core/process/paths.ts'
import { Assignment } from '../../model/worker/documents.ts'
import { readDocumentsSync } from './read-documents.ts'

/**
 * Matches only assignments, because the folder also contains launch documents
 * (`<worker>.launch.json`).
 */
const ASSIGNMENT = /^w[a-z0-9]+\.json$/

/**
 * Returns the latest assignment of each worker. Includes only workers whose output has not been
 * redacted yet, because the file is removed after that. An unreadable assignment is left out, and
 * `onBroken` receives its error.
 */
export function readAssignments(paths: ProjectPaths, onBroken: (error: unknown) => void): Assignment[] {
  return readDocumentsSync(paths.assignments, Assignment, onBroken, ASSIGNMENT)
}
