import { lstatSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { userCacheFolder } from './user-folders.ts'

const PRIVATE_FOLDER = 0o700
const OTHERS_WRITE = 0o022

/**
 * Makes a folder for compiled code in the user's cache, and returns its path. A folder that others may write is emptied first,
 * because programs run the code that they find in it. Returns undefined if the folder cannot be made or another user owns it; the
 * program then compiles at each start.
 */
export function privateCacheFolder(name: string): string | undefined {
  const folder = join(userCacheFolder(), name)
  try {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true && !isPrivate(folder))
      rmSync(folder, { recursive: true })
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
    return isPrivate(folder) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Windows keeps the caches of users in folders that only they may write. */
function isPrivate(folder: string): boolean {
  const uid = process.geteuid?.()
  if (uid === undefined) return true
  const stats = lstatSync(folder)
  return stats.isDirectory() && stats.uid === uid && (stats.mode & OTHERS_WRITE) === 0
}
