import { rmSync } from 'node:fs'
import { AutomateError, errorCode } from '../core/errors/errors.ts'
import { WorkerSecrets, NO_SECRETS } from '../model/worker/worker-secrets.ts'
import { readJsonIfExistsSync, writeJsonSync } from './documents/atomic-json.ts'
import type { ReadText } from './documents/atomic-json.ts'

/** Tries of a removal. On Windows antivirus may have a new file open for a moment. */
const REMOVE_TRIES = 10

/**
 * Returns the path of the file beside a worker's assignment with the worker's secrets: `w1.json` →
 * `w1.secrets`.
 */
export function secretsBeside(assignmentFile: string): string {
  return assignmentFile.replace(/\.json$/, '.secrets')
}

/** Writes secrets for one worker. Only this user may read them, and their folder is private too. */
export function writeSecrets(file: string, access: WorkerSecrets): void {
  const { proxy, sites, telling, secrets = [] } = access
  if (proxy !== null || telling !== undefined || sites.length + secrets.length > 0)
    writeJsonSync(file, access)
}

/**
 * Reads the secrets with `readText` and removes their file, so that they are on the disk only while
 * a worker starts. Returns no secrets if there is no file.
 * @throws `document-invalid` if the file is damaged. The message shows none of its content, and the
 * file is removed too.
 * @throws The system's error if the file cannot be removed, because a worker must not run with its
 * secrets on the disk.
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
