import { rmSync } from 'node:fs'
import { AutomateError, errorCode } from '../core/errors/errors.ts'
import { WorkerSecrets, NO_SECRETS } from '../model/worker/worker-secrets.ts'
import { readJsonIfExistsSync, writeJsonSync } from './documents/atomic-json.ts'
import type { ReadText } from './documents/atomic-json.ts'

/**
 * Number of times that a removal is tried. On Windows antivirus software may have a new file open
 * for a moment.
 */
const REMOVE_TRIES = 10

/**
 * Returns the path of the file with a worker's secrets, next to the worker's assignment: `w1.json`
 * → `w1.secrets`.
 */
export function secretsBeside(assignmentFile: string): string {
  return assignmentFile.replace(/\.json$/, '.secrets')
}

/** Writes the secrets for one worker. Only this user may read the file and its folder. */
export function writeSecrets(file: string, access: WorkerSecrets): void {
  const { proxy, sites, telling, secrets = [] } = access
  if (proxy !== null || telling !== undefined || sites.length + secrets.length > 0)
    writeJsonSync(file, access)
}

/**
 * Reads the secrets with `readText` and removes their file, so that they are on the disk only while
 * a worker starts. Returns no secrets if there is no file.
 * @throws `document-invalid` if the file is damaged. The message contains nothing of the file, and
 * the file is removed too.
 * @throws The system's error if the file cannot be removed, because a worker must not run while its
 * secrets are on the disk.
 */
export function takeSecrets(file: string, readText?: ReadText): WorkerSecrets {
  try {
    return readJsonIfExistsSync(file, WorkerSecrets, readText) ?? NO_SECRETS
  } catch (error) {
    if (errorCode(error) !== 'document-invalid') throw error
    throw new AutomateError(
      'document-invalid',
      `The secrets file of a worker, ${file}, is damaged and was removed. The next worker receives the secrets again.`,
      { facts: { path: file } },
    )
  } finally {
    rmSync(file, { force: true, maxRetries: REMOVE_TRIES })
  }
}
