import { realpathSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

/**
 * Name of the environment variable that lists the project folders of other users to trust, like
 * git's `safe.directory`.
 */
export const TRUST_VARIABLE = 'AUTOMATE_TRUST'

const EVERY_FOLDER = '*'

/**
 * True if the list names `folder` itself or contains `*`. Entries are separated as in `PATH`. An
 * entry does not cover the folders below it.
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
