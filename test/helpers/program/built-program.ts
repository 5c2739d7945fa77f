import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** Path of the program that `npm start` runs. Node strips the types when it loads each file. */
export const SOURCE_PROGRAM = join(ROOT, 'bin/automate-tui.ts')

const BUILT_PROGRAM = join(ROOT, 'dist/bin/automate-tui.js')

/**
 * Patterns of the files that the build is made from. Folders count too, because the removal of a
 * file changes the time of its folder.
 */
const MADE_OF = ['{bin,lib,screens}', '{bin,lib,screens}/**', 'scripts/build.ts', 'package-lock.json']

/**
 * Path of the program that the tests start: the built program, or the sources if they are newer
 * than the build. Users run the built program, and it starts with a third less CPU time. `npm test`
 * builds it first.
 */
export const PROGRAM = isBuilt() ? BUILT_PROGRAM : SOURCE_PROGRAM

/** True if `dist/` was built from the current sources. */
export function isBuilt(): boolean {
  if (!existsSync(BUILT_PROGRAM)) return false
  const builtAt = statSync(BUILT_PROGRAM).mtimeMs
  return globSync(MADE_OF, { cwd: ROOT }).every(path => statSync(join(ROOT, path)).mtimeMs <= builtAt)
}
