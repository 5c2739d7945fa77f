import { basename, join } from 'node:path'
import { z } from 'zod'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { readJsonIfExistsSync, writeJsonSync } from '../../files/documents/atomic-json.ts'
import { LANGUAGES } from '../../locales/language.ts'
import type { Language } from '../../locales/language.ts'

/** Choices of the operator in the console that outlive it: `data/operator.json`. */
const OperatorSettings = z.object({
  kind: z.literal('operator-settings'),
  version: z.literal(1),
  language: z.enum(LANGUAGES).nullable(),
})

/** Returns the language that the operator has chosen; null without a choice, also when its file cannot be read, because no command fails for a preference. */
export function readOperatorLanguage(paths: ProjectPaths): Language | null {
  try {
    return readJsonIfExistsSync(paths.operatorSettings, OperatorSettings)?.language ?? null
  } catch {
    return null
  }
}

/** @throws The system's error when the file cannot be written. */
export function saveOperatorLanguage(paths: ProjectPaths, language: Language): void {
  const settings: z.infer<typeof OperatorSettings> = { kind: 'operator-settings', version: 1, language }
  // Asking for the folder makes it.
  writeJsonSync(join(paths.data, basename(paths.operatorSettings)), settings)
}
