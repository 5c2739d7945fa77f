import { realpathSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

/**
 * Environment variable that lists project folders of other users to trust, like git's
 * `safe.directory`.
 */
export const TRUST_VARIABLE = 'AUTOMATE_TRUST'

const EVERY_FOLDER = '*'

/**
 * True if the list, separated like `PATH`, names `folder` itself or is `*`. Folders below a listed
 * one do not count.
 */
export function isListed(folder: string, list: string | undefined): boolean {
  const entries = (list ?? '').split(delimiter).filter(entry => entry !== '')
  if (entries.includes(EVERY_FOLDER)) return true
  const place = realPath(folder)
  return entries.some(entry => realPath(entry) === place)
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return resolve(folder)
  }
}
