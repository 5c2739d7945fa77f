import { readdirSync } from 'node:fs'

/**
 * Returns the names of the entries of a folder; none if the folder cannot be read, because another
 * process may have removed it.
 */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
