import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether Node finds a package "automate-tui" from a folder: in its `node_modules`, or in one above it. */
export function hasLocalInstall(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'automate-tui', 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && hasLocalInstall(above)
}
