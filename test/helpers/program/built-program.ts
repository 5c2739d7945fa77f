import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** What `npm start` runs: Node takes the types off as it loads each file. */
export const SOURCE_PROGRAM = join(ROOT, 'bin/automate-tui.ts')

const BUILT_PROGRAM = join(ROOT, 'dist/bin/automate-tui.js')

/**
 * What the built program is made of. Folders count too: a file that went leaves its trace there.
 */
const MADE_OF = ['{bin,lib,screens}', '{bin,lib,screens}/**', 'scripts/build.ts', 'package-lock.json']

/**
 * The program that the tests start: the built one, which is what users have and starts with a third
 * less CPU time, or the sources where they are newer than what was built of them. `npm test` builds
 * it first.
 */
export const PROGRAM = isBuilt() ? BUILT_PROGRAM : SOURCE_PROGRAM

/** Whether `dist/` was built of the sources as they are. */
export function isBuilt(): boolean {
  if (!existsSync(BUILT_PROGRAM)) return false
  const builtAt = statSync(BUILT_PROGRAM).mtimeMs
  return globSync(MADE_OF, { cwd: ROOT }).every(path => statSync(join(ROOT, path)).mtimeMs <= builtAt)
}
