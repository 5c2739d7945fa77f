import { statSync } from 'node:fs'
import { readOwners } from '../windows/read-acl.ts'

/**
 * Returns the uid of a folder's owner; undefined if the folder does not exist, and always on
 * Windows.
 */
export function ownerOf(folder: string): string | undefined {
  if (process.platform === 'win32') return undefined
  return statSync(folder, { throwIfNoEntry: false })?.uid.toString()
}

/**
 * Resolves with the uid, or on Windows the SID, of a folder's owner; undefined if it cannot be
 * read. Takes about a second on Windows.
 */
export async function readOwner(folder: string): Promise<string | undefined> {
  if (process.platform !== 'win32') return ownerOf(folder)
  const [owner] = await readOwners([folder])
  return owner
}
