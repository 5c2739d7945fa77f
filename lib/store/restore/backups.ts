import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runFileWork } from '../file-work/run-file-work.ts'

/** `automate-2026-11-30T12-00-00-000Z.db`: in the order of their names these are in the order of time. */
const BACKUP = /^automate-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\.db$/

/** An automatic backup. */
export interface Backup {
  readonly path: string
  /** In epoch ms. */
  readonly madeAt: number
}

/** Returns the path of an automatic backup that is made now. */
export function backupPath(folder: string, now: number): string {
  return join(folder, `automate-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.db`)
}

/**
 * Returns the automatic backups of a folder, the newest first; none for a folder that does not exist. A backup of the future
 * is last: a clock that was ahead dated it, so nobody knows its age.
 */
export function listBackups(folder: string, now: number): Backup[] {
  return namesIn(folder)
    .flatMap(name => {
      const match = BACKUP.exec(name)
      if (match === null) return []
      const [, day = '', hour = '', minute = '', second = '', ms = ''] = match
      return { path: join(folder, name), madeAt: Date.parse(`${day}${hour}:${minute}:${second}.${ms}`) }
    })
    .toSorted((a, b) => Number(a.madeAt > now) - Number(b.madeAt > now) || b.madeAt - a.madeAt)
}

/** Returns the newest automatic backup that is intact; undefined where there is none. */
export async function newestGoodBackup(folder: string, now: number): Promise<string | undefined> {
  for (const { path } of listBackups(folder, now)) {
    const check = runFileWork({ type: 'check', path }, new AbortController().signal)
    const isGood = await check.then(
      ({ problems }) => problems.length === 0,
      () => false,
    )
    if (isGood) return path
  }
  return undefined
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
