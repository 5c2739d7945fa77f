import { errorCode, messageOf } from '../../core/errors/errors.ts'
import type { UnreadBackups } from '../../model/notify/notification.ts'
import { runFileWork } from '../file-work/run-file-work.ts'

export interface BackupLimits {
  readonly listMs: number
  readonly checkMs: number
}

/**
 * Time limits for listing the folder and for checking a backup. A healthy network share lists a
 * folder within milliseconds. A slow disk checks a database of some GB within 10 min.
 */
const LIMITS: BackupLimits = { listMs: 30_000, checkMs: 10 * 60_000 }

/**
 * `path` is null if no intact backup was found. `unread` is then set if some backups could not be
 * read, so that there may still be an intact one.
 */
export interface NewestBackup {
  readonly path: string | null
  readonly unread: UnreadBackups | null
}

/** Returns the path of the newest intact automatic backup of a project. Never rejects. */
export async function newestGoodBackup(
  folder: string,
  now: number,
  database: string,
  { listMs, checkMs }: BackupLimits = LIMITS,
): Promise<NewestBackup> {
  const { signal } = new AbortController()
  const list = { type: 'list', folder, now, database } as const
  let unread: UnreadBackups | null = null
  try {
    const { backups = [] } = await runFileWork(list, signal, { folder, limitMs: listMs })
    for (const { path } of backups) {
      try {
        const check = await runFileWork({ type: 'check', path }, signal, { folder, limitMs: checkMs })
        if (check.problems.length === 0) return { path, unread: null }
      } catch (error) {
        // If the folder does not respond, each of the other backups would take as long.
        if (errorCode(error) === 'deadline') throw error
        unread ??= { folder, reason: messageOf(error) }
      }
    }
  } catch (error) {
    unread = { folder, reason: errorCode(error) === 'deadline' ? null : messageOf(error) }
  }
  return { path: null, unread }
}
