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
 * Returns the path of a folder for compiled code in the user's cache, and creates the folder if it
 * is missing. If other users may write to the folder, it is emptied first, because programs execute
 * the code in it. If other users may only read it, its mode is corrected. Returns undefined if the
 * folder cannot be created, or if another user owns it or its parent. Without the folder the
 * program compiles its code at each start.
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
  // On Windows each user's cache is in a folder that only that user may write to.
  if (uid === undefined) {
    makeFolder(folder)
    return true
  }
  // If sudo preserves HOME, root would use the cache folder of the user, who could replace a folder
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
