import { open, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { newUuid } from '../ids.ts'

const PRIVATE_FILE = 0o600

/**
 * Content of the test file. It fills a page, because some file systems store a smaller file
 * together with its metadata, which succeeds even on a full disk.
 */
const SAMPLE = Buffer.alloc(4_096)

/**
 * Checks that files can be written in a folder by writing, syncing and removing one. The
 * permissions of a folder do not show that its disk is full, that a quota is used up, or that the
 * system has remounted the disk read-only after an error.
 * @throws The system's error.
 */
export async function tryWriting(folder: string): Promise<void> {
  // If this process is killed, `sweepTemporaryFiles` later removes the file by its name.
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
