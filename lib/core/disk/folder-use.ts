import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Smallest use of an entry. An empty file takes an entry of its folder and an inode, together about
 * a page of the disk.
 */
const LEAST_BYTES = 4_096

/** Size of the blocks that `stat` counts, on every system. */
const BYTES_A_BLOCK = 512

/**
 * Files that are read at once: few enough to leave the thread pool to others, and enough to keep a
 * disk busy.
 */
const AT_ONCE = 32

/** Space and number of files and folders on a disk. */
export interface FolderUse {
  /** Allocated bytes; each entry counts at least 4,096. */
  readonly bytes: number
  /** Files, folders and links. */
  readonly entries: number
}

/**
 * Returns the space and the number of entries in the folders, sub-folders included. Stops early
 * with the count so far if one of the limits is passed or the signal aborts, because a walk of a
 * very full folder takes long. A missing folder does not count, and neither does a file that is
 * removed during the walk.
 */
export async function folderUse(
  folders: readonly string[],
  most: FolderUse,
  signal?: AbortSignal,
): Promise<FolderUse> {
  const open = [...folders]
  let [bytes, entries] = [0, 0]
  const isEnough = () => bytes > most.bytes || entries > most.entries || signal?.aborted === true
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for await (const names of namesIn(folder)) {
      const found = await Promise.all(names.map(async name => entryAt(join(folder, name))))
      for (const entry of found) {
        if (entry === undefined) continue
        entries += 1
        bytes += entry.bytes
        if (entry.isFolder) open.push(entry.path)
      }
      if (isEnough()) return { bytes, entries }
    }
  }
  return { bytes, entries }
}

/**
 * Yields some names at a time, since one folder may hold a million. Ends if the folder is removed.
 */
async function* namesIn(folder: string): AsyncGenerator<string[]> {
  let names: string[] = []
  try {
    for await (const { name } of await opendir(folder, { bufferSize: AT_ONCE })) {
      names.push(name)
      if (names.length < AT_ONCE) continue
      yield names
      names = []
    }
  } catch {
    // The folder does not exist, or no longer exists.
  }
  yield names
}

async function entryAt(
  path: string,
): Promise<{ path: string; bytes: number; isFolder: boolean } | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const bytes = Math.max(found.blocks * BYTES_A_BLOCK, LEAST_BYTES)
  return { path, bytes, isFolder: found.isDirectory() }
}
