import { open, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { newUuid } from '../ids.ts'

const PRIVATE_FILE = 0o600

/**
 * Content of the file: a page, because some file systems store a smaller file beside its name,
 * where a full disk has room for it.
 */
const SAMPLE = Buffer.alloc(4_096)

/**
 * Writes a file into a folder, syncs and removes it. The permissions of a folder do not show that
 * its disk is full, that a quota is used up, or that the system has made the disk read-only after
 * an error.
 * @throws The system's error.
 */
export async function tryWriting(folder: string): Promise<void> {
  // `sweepTemporaryFiles` removes a file of this name after a kill.
  const path = join(folder, `.${basename(folder)}.${process.pid}.${newUuid()}.tmp`)
  try {
    const file = await open(path, 'wx', PRIVATE_FILE)
    try {
      await file.writeFile(SAMPLE)
      await file.sync()
    } finally {
      await file.close()
    }
  } finally {
    await rm(path, { force: true })
  }
}
