import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { systemCode } from '../core/errors.ts'
import { readJsonIfExistsSync } from './atomic-json.ts'

/** The documents of a folder, as they are now, none where the folder is missing; one that cannot be read is left out, after `onBroken` has heard why and which. */
export function readDocumentsSync<S extends z.ZodType>(
  folder: string,
  schema: S,
  onBroken: (error: unknown, path: string) => void = () => undefined,
): z.output<S>[] {
  return namesIn(folder)
    .filter(name => name.endsWith('.json') && !name.startsWith('.'))
    .flatMap(name => {
      const path = join(folder, name)
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
