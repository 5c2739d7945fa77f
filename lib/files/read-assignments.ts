import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../core/errors.ts'
import type { ProjectPaths } from '../core/paths.ts'
import { Assignment } from '../domain/documents.ts'
import { readJsonIfExistsSync } from './atomic-json.ts'

const NAME = /^w[a-z0-9]+\.json$/

/**
 * Returns the last assignments of all workers of which a file is there: it goes when what the worker
 * printed has been redacted. One that cannot be read is left out, and `onBroken` receives its error.
 */
export function readAssignments(paths: ProjectPaths, onBroken: (error: unknown) => void): Assignment[] {
  return namesIn(paths.assignments)
    .filter(name => NAME.test(name))
    .flatMap(name => {
      try {
        return readJsonIfExistsSync(join(paths.assignments, name), Assignment) ?? []
      } catch (error) {
        onBroken(error)
        return []
      }
    })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
