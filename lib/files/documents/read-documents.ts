import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { systemCode } from '../../core/errors/errors.ts'
import { readJsonIfExistsSync } from './atomic-json.ts'

/** Matches documents, but not the temporary files of a write, which begin with a dot. */
const DOCUMENT = /^[^.].*\.json$/

/**
 * Returns the documents of a folder whose names match `name`; none if the folder is missing. A
 * document that cannot be read is left out, and `onBroken` receives its error and its path.
 */
export function readDocumentsSync<S extends z.ZodType>(
  folder: string,
  schema: S,
  onBroken: (error: unknown, path: string) => void = () => undefined,
  name: RegExp = DOCUMENT,
): z.output<S>[] {
  return namesIn(folder)
    .filter(each => name.test(each))
    .flatMap(each => {
      const path = join(folder, each)
      try {
        return readJsonIfExistsSync(path, schema) ?? []
      } catch (error) {
        onBroken(error, path)
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
