import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns how many bytes the files in a folder take, sub-folders included; 0 where there is no such folder. What is removed meanwhile does not count. */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined)
    bytes += found?.size ?? 0
  }
  return bytes
}
