import { existsSync } from 'node:fs'
import { delimiter, join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const NAME = 'automate-tui'

/**
 * Folders that `npm exec` adds to the search path of its own child, and where it caches packages.
 */
const OF_NPX = /[\\/](?:node_modules[\\/]\.bin|_npx)(?:[\\/]|$)/

/**
 * Returns the command that starts this program in a folder: its name if the search path has it,
 * `npx` if only the folder has it installed, else its file.
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
 * True if Node finds a package "automate-tui" from a folder, in its `node_modules` or in one above.
 */
export function hasLocalInstall(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'automate-tui', 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && hasLocalInstall(above)
}
