import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { systemCode } from '../core/errors/errors.ts'
import type { ProjectPaths } from '../core/process/paths.ts'

/** Maximum number of files with the same second in their names, more than a person can save. */
const MOST_A_SECOND = 100

/** Mode of a saved text: only the user may read it, as with the logs that the text comes from. */
const PRIVATE_FILE = 0o600

/**
 * Saves a text to a new file in the day's log folder, and returns its path relative to the project:
 * `logs/<day>/console/<name>-<time>.txt`.
 */
export function saveText(paths: ProjectPaths, name: string, text: string, at: number): string {
  const when = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = [when.getHours(), when.getMinutes(), when.getSeconds()].map(two).join('')
  for (let number = 1; ; number += 1) {
    const file = `${name}-${time}${number === 1 ? '' : `-${number}`}.txt`
    const path = join(paths.logs('console', when), file)
    try {
      writeFileSync(path, text, { flag: 'wx', mode: PRIVATE_FILE })
      return relative(paths.root, path)
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || number >= MOST_A_SECOND) throw error
    }
  }
}
