import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../core/errors/errors.ts'
import type { CrashDocument } from '../../model/worker/documents.ts'
import { writeJsonSync } from './atomic-json.ts'

const PRIVATE_FILE = 0o600

/**
 * Writes a crash report, synced to disk, as `job_<id>_<ts>.json`, and returns its path. `ts` is the
 * time of the crash in milliseconds, or the next free one, because members of one job crash
 * together.
 * @throws The system's error if the report cannot be written.
 */
export function writeCrashFile(folder: string, crash: CrashDocument): string {
  for (let ts = crash.at; ; ts++) {
    const path = join(folder, `job_${crash.jobId}_${ts}.json`)
    const claim = join(folder, `.job_${crash.jobId}_${ts}.claim`)
    if (!claimName(claim)) continue
    try {
      // The process that claimed the name first may have written its report and removed the claim
      // already.
      if (existsSync(path)) continue
      writeJsonSync(path, crash, { durable: true })
      return path
    } finally {
      rmSync(claim, { force: true })
    }
  }
}

/**
 * Claims the name of a document with a file that only one process can make, because the document
 * appears by a rename, which would replace another one.
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
