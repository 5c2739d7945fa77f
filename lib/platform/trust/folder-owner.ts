import { statSync } from 'node:fs'
import { readOwners } from '../windows/read-acl.ts'

/** Returns the uid that owns a folder; undefined if there is no such folder, and on Windows. */
export function ownerOf(folder: string): string | undefined {
  if (process.platform === 'win32') return undefined
  return statSync(folder, { throwIfNoEntry: false })?.uid.toString()
}

/**
 * Returns the uid or the SID that owns a folder, which takes a second on Windows; undefined if that
 * cannot be read.
 */
export async function readOwner(folder: string): Promise<string | undefined> {
  if (process.platform !== 'win32') return ownerOf(folder)
  const [owner] = await readOwners([folder])
  return owner
}
