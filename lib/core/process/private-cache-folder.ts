import { chmodSync, lstatSync, rmSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { nearestFolder } from '../disk/nearest-folder.ts'
import { cacheDir } from './app-dirs.ts'

const ROOT_UID = 0
const PRIVATE_FOLDER = 0o700
const OTHERS_WRITE = 0o022
const OTHERS_ACCESS = 0o077

/**
 * Makes a folder for compiled code in the user's cache, and returns its path. If others may write
 * to the folder, it is emptied first, because programs run the code that they find in it. If others
 * may read the folder, its mode is corrected. Returns undefined if the folder cannot be made, or if
 * another user owns it or the folder above it. The program then compiles at each start.
 */
export function privateCacheFolder(name: string): string | undefined {
  const folder = join(cacheDir(), name)
  try {
    return makePrivate(folder) ? folder : undefined
  } catch {
    return undefined
  }
}

function makePrivate(folder: string): boolean {
  const uid = process.geteuid?.()
  // Windows stores the caches of users in folders that only they may write.
  if (uid === undefined) {
    makeFolder(folder)
    return true
  }
  // With a sudo that preserves HOME, root would use the cache of the user, who may replace a folder
  // of root in it.
  const parent = statSync(nearestFolder(dirname(folder)))
  if (parent.uid !== uid && parent.uid !== ROOT_UID) return false
  const before = lstatSync(folder, { throwIfNoEntry: false })
  if (before !== undefined && !isOwn(before, uid)) return false
  if (before !== undefined && (before.mode & OTHERS_WRITE) !== 0) rmSync(folder, { recursive: true })
  makeFolder(folder, PRIVATE_FOLDER)
  const made = lstatSync(folder)
  if (!isOwn(made, uid)) return false
  if ((made.mode & OTHERS_ACCESS) !== 0) chmodSync(folder, PRIVATE_FOLDER)
  return true
}

const isOwn = (stats: Stats, uid: number): boolean => stats.isDirectory() && stats.uid === uid
