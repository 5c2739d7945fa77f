import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { NotifiedBy } from '../../../model/failure/notified-marker.ts'
import { CrashDocument } from '../../../model/worker/documents.ts'
import type { MemberPart } from '../../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../files/documents/atomic-json.ts'
import { readMark } from '../../../files/notified-marker.ts'
import { quarantineDocument } from '../../../files/documents/quarantine.ts'
import { tryOrWarn } from '../../try-or-warn.ts'

/**
 * A crash report that the worker wrote itself. `notifiedBy` holds the channels on which the worker
 * has notified people of the crash.
 */
export interface FoundCrash {
  readonly file: string
  readonly document: CrashDocument
  readonly notifiedBy: NotifiedBy
}

/**
 * Returns the crash report that a worker wrote about its part of an attempt, or undefined if there
 * is none. A report of this job that cannot be read is set aside. Reports are written atomically,
 * so such a file was damaged later, and the worker gets a report made from other facts.
 */
export function findCrash(
  paths: ProjectPaths,
  { workerId, jobId, attempt }: Pick<MemberPart, 'jobId' | 'attempt'> & { readonly workerId: string },
  log: Log,
): FoundCrash | undefined {
  const prefix = `job_${jobId}_`
  for (const file of tryOrWarn(log, () => readdirSync(paths.crashes)) ?? []) {
    if (!file.startsWith(prefix) || !file.endsWith('.json')) continue
    const path = join(paths.crashes, file)
    const document = readOrSetAside(path, log)
    if (document?.workerId !== workerId || document.jobId !== jobId || document.attempt !== attempt) continue
    const notifiedBy = tryOrWarn(log, () => readMark(path)) ?? { channels: [], sure: false }
    return { file, document, notifiedBy }
  }
  return undefined
}

function readOrSetAside(path: string, log: Log): CrashDocument | undefined {
  try {
    return readJsonIfExistsSync(path, CrashDocument)
  } catch (error) {
    log.warn(messageOf(error))
    if (errorCode(error) === 'document-invalid') tryOrWarn(log, () => quarantineDocument(path))
    return undefined
  }
}
