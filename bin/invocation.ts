import { existsSync } from 'node:fs'
import { delimiter, join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const NAME = 'automate-tui'

/** What `npm exec` puts on the search path for its own child alone, and where it keeps what it has fetched. */
const OF_NPX = /[\\/](?:node_modules[\\/]\.bin|_npx)(?:[\\/]|$)/

/** How this program is called in a folder: by its name where that is on the search path, with `npx` where it is installed beside the folder alone, else by its file. */
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

/** Whether Node finds a package "automate-tui" from a folder: in its `node_modules`, or in one above it. */
export function hasLocalInstall(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'automate-tui', 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && hasLocalInstall(above)
}
