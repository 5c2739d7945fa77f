import { basename, join } from 'node:path'
import { z } from 'zod'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../files/documents/atomic-json.ts'
import { LANGUAGES } from '../../locales/language.ts'
import type { Language } from '../../locales/language.ts'

/** Operator's choices that are kept after the console is closed, in `data/operator.json`. */
const OperatorSettings = z.object({
  kind: z.literal('operator-settings'),
  version: z.literal(1),
  language: z.enum(LANGUAGES).nullable(),
})

/**
 * Returns the language that the operator has chosen, or null if there is no choice. Also returns
 * null if the file cannot be read, because a preference must not make a command fail.
 */
export function readOperatorLanguage(paths: ProjectPaths): Language | null {
  try {
    return readJsonIfExistsSync(paths.operatorSettings, OperatorSettings)?.language ?? null
  } catch {
    return null
  }
}

/**
 * Stores the operator's language.
 * @throws the system's error if the file cannot be written.
 */
export function saveOperatorLanguage(paths: ProjectPaths, language: Language): void {
  const settings: z.infer<typeof OperatorSettings> = { kind: 'operator-settings', version: 1, language }
  // Reading `paths.data` creates the folder.
  writeJsonSync(join(paths.data, basename(paths.operatorSettings)), settings)
}
