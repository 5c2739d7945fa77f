import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../core/errors/errors.ts'
import type { CrashDocument } from '../../model/worker/documents.ts'
import { writeJsonSync } from './atomic-json.ts'

const PRIVATE_FILE = 0o600

/**
 * Writes a crash report as `job_<id>_<ts>.json`, syncs it to the disk, and returns its path. `ts`
 * is the time of the crash in epoch ms, or the next one whose name is free, because members of one
 * job may crash at the same time.
 * @throws The system's error if the report cannot be written.
 */
export function writeCrashFile(folder: string, crash: CrashDocument): string {
  for (let ts = crash.at; ; ts++) {
    const path = join(folder, `job_${crash.jobId}_${ts}.json`)
    const claim = join(folder, `.job_${crash.jobId}_${ts}.claim`)
    if (!claimName(claim)) continue
    try {
      // Another process may have claimed the name earlier, written its report and already removed
      // its claim.
      if (existsSync(path)) continue
      writeJsonSync(path, crash, { durable: true })
      return path
    } finally {
      rmSync(claim, { force: true })
    }
  }
}

/**
 * Claims the name of a document by creating a file that only one process can create. The claim is
 * necessary because a document is created by a rename, which would replace an existing document.
 * Returns false if another process has the claim.
 */
function claimName(claim: string): boolean {
  try {
    closeSync(openSync(claim, 'wx', PRIVATE_FILE))
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}
