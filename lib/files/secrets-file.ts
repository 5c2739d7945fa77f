import { rmSync } from 'node:fs'
import { AutomateError, errorCode } from '../core/errors/errors.ts'
import { WorkerSecrets, NO_SECRETS } from '../model/worker/worker-secrets.ts'
import { readJsonIfExistsSync, writeJsonSync } from './documents/atomic-json.ts'
import type { ReadText } from './documents/atomic-json.ts'

/** On Windows antivirus may hold a new file open for a moment. */
const REMOVE_TRIES = 10

/** The file beside a worker's assignment that hands it its secrets: `w1.json` → `w1.secrets`. */
export function secretsBeside(assignmentFile: string): string {
  return assignmentFile.replace(/\.json$/, '.secrets')
}

/** Writes secrets for one worker, readable by this user alone, in a folder that is private too. */
export function writeSecrets(file: string, access: WorkerSecrets): void {
  const { proxy, sites, telling, secrets = [] } = access
  if (proxy !== null || telling !== undefined || sites.length + secrets.length > 0)
    writeJsonSync(file, access)
}

/**
 * Reads the secrets, whose text `readText` reads, and removes their file, so that they lie on the disk for no longer than a worker takes to start. None where there is no file.
 * Thrown with code `document-invalid` when it is damaged: without a word of what it holds, and removed too. The system's error when it cannot be
 * removed; a worker must not run with its secrets lying about.
 */
export function takeSecrets(file: string, readText?: ReadText): WorkerSecrets {
  try {
    return readJsonIfExistsSync(file, WorkerSecrets, readText) ?? NO_SECRETS
  } catch (error) {
    if (errorCode(error) !== 'document-invalid') throw error
    throw new AutomateError(
      'document-invalid',
      `${file} should hold the secrets of a worker, and is damaged. It was removed: a worker that is started anew gets them again.`,
      { facts: { path: file } },
    )
  } finally {
    rmSync(file, { force: true, maxRetries: REMOVE_TRIES })
  }
}
