import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { readJsonIfExistsSync } from './atomic-json.ts'

/** The documents of a folder, as they are now; one that cannot be read is left out, after `onBroken` has heard why and which. */
export function readDocumentsSync<S extends z.ZodType>(
  folder: string,
  schema: S,
  onBroken: (error: unknown, path: string) => void = () => undefined,
): z.output<S>[] {
  return readdirSync(folder)
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
