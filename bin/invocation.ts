import { existsSync } from 'node:fs'
import { delimiter, join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const NAME = 'automate-tui'

/**
 * Matches the folders that `npm exec` adds to the PATH of its child, and the folder in which it
 * caches packages. A program in them is not on the user's own PATH.
 */
const OF_NPX = /[\\/](?:node_modules[\\/]\.bin|_npx)(?:[\\/]|$)/

/**
 * Returns the command with which a user starts this program in a folder: its name if it is on the
 * PATH, `npx` if it is only installed in the folder, or else the path of its file.
 */
export function invocationName(folder: string, env: NodeJS.ProcessEnv = process.env): string {
  const file = process.platform === 'win32' ? `${NAME}.cmd` : NAME
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .some(place => place !== '' && !OF_NPX.test(place) && existsSync(join(place, file)))
  if (onPath) return NAME
  const own = fileURLToPath(import.meta.url)
  if (hasLocalInstall(folder) || OF_NPX.test(own)) return `npx ${NAME}`
  return `node "${process.argv[1] ?? own}"`
}

/**
 * True if Node finds the package "automate-tui" from a folder, in the `node_modules` of the folder
 * or of one above.
 */
export function hasLocalInstall(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'automate-tui', 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && hasLocalInstall(above)
}
