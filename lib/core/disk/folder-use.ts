import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Minimum number of bytes counted for an entry. An empty file still takes up a folder entry and an
 * inode, together about a page of the disk.
 */
const LEAST_BYTES = 4_096

/** Size of the blocks in which `stat` counts, which is the same on every system. */
const BYTES_A_BLOCK = 512

/**
 * Number of files that are checked concurrently: few enough to leave threads of the pool to other
 * work, and enough to keep a disk busy.
 */
const AT_ONCE = 32

/** Disk space and number of entries that folders use. */
export interface FolderUse {
  /** Allocated bytes; each entry counts at least 4,096. */
  readonly bytes: number
  /** Files, folders and links. */
  readonly entries: number
}

/**
 * Returns the disk space and the number of entries that the folders use, subfolders included.
 * Returns the counts so far as soon as one of them exceeds its limit in `most` or the signal
 * aborts, because walking a very full folder takes long. Missing folders, and files that are
 * removed during the walk, are not counted.
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
 * Yields the names of a folder's entries in batches, because a folder may hold a million. Ends
 * early if the folder is removed.
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
