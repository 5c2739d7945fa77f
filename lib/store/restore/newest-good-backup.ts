import { errorCode } from '../../core/errors.ts'
import { runFileWork } from '../file-work/run-file-work.ts'

/** A healthy share lists a folder within milliseconds. */
const LIST_LIMIT_MS = 30_000

/** A slow disk checks a database of some GB within this time. */
const CHECK_LIMIT_MS = 10 * 60_000

/** Returns the newest automatic backup of a project that is intact; undefined if there is none, or if the folder does not respond. */
export async function newestGoodBackup(
  folder: string,
  now: number,
  database: string,
): Promise<string | undefined> {
  const { signal } = new AbortController()
  const list = { type: 'list', folder, now, database } as const
  try {
    const { backups = [] } = await runFileWork(list, signal, { folder, limitMs: LIST_LIMIT_MS })
    for (const { path } of backups) {
      const check = runFileWork({ type: 'check', path }, signal, { folder, limitMs: CHECK_LIMIT_MS })
      const problems = await check.then(report => report.problems, unlessDeadline)
      if (problems?.length === 0) return path
    }
  } catch {
    // The damage is reported without a backup.
  }
  return undefined
}

function unlessDeadline(error: unknown): undefined {
  if (errorCode(error) === 'deadline') throw error
}
