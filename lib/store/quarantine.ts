import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../core/disk/whole-file.ts'
import { systemCode } from '../core/errors/errors.ts'

/**
 * Suffixes of the database itself, its write-ahead log and its journal, which are complete data
 * only together. The database is renamed first, because no empty one is created in its place while
 * it is missing.
 */
const PARTS = ['', '-wal', '-journal']

/** Reason why a database was quarantined. */
export type AsideReason = 'damaged' | 'replaced'

/**
 * Suffix of the marker of a database in which damage was found while it was in use. A marked
 * database is checked completely before it is opened again.
 */
const SUSPECT = '.suspect'

/**
 * Suffix of the note that contains the new name while the parts of a database are being renamed.
 * After a crash the note is still there.
 */
const UNFINISHED = '.setting-aside'

/**
 * Matches the end of a quarantined database's name: `automate.db.damaged-2026-11-30T12-00-00-000Z`.
 */
const COPY = /\.(?:damaged|replaced)-\d{4}-\d\d-\d\dT[\d-]+Z$/

const PRIVATE_FILE = 0o600

/** Returns the new path for a database that is quarantined now. */
export function asidePath(path: string, now: number, reason: AsideReason): string {
  return `${path}.${reason}-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
}

/**
 * Renames a database within its folder, and returns its new path; null if there was no database.
 * Nothing is deleted. If the program crashes during this work, `completeQuarantine` finishes the
 * work later.
 */
export function quarantine(path: string, now: number, reason: AsideReason): string | null {
  const copy = asidePath(path, now, reason)
  const parts = PARTS.filter(part => existsSync(`${path}${part}`))
  writeFileSync(`${path}${UNFINISHED}`, basename(copy), { mode: PRIVATE_FILE, flush: true })
  syncFolder(dirname(path))
  for (const part of parts) renameSync(`${path}${part}`, `${copy}${part}`)
  const isNothing = parts.length === 0 || removeIfNothing(copy)
  finish(path)
  return isNothing ? null : copy
}

/**
 * Removes a quarantined file that is only the empty file of a lock. Returns true if it was removed.
 */
function removeIfNothing(copy: string): boolean {
  const isNothing =
    existsSync(copy) && !databaseExists(copy) && !PARTS.slice(1).some(part => existsSync(`${copy}${part}`))
  if (isNothing) rmSync(copy)
  return isNothing
}

/**
 * Renames the remaining parts of a database after a crash during `quarantine`, so that its
 * write-ahead log stays with it. If the crash happened before the first part was renamed, nothing
 * is renamed. Only the owner of the database may call it.
 */
export function completeQuarantine(path: string): void {
  const name = textOf(`${path}${UNFINISHED}`)
  if (name === undefined) return
  const copy = join(dirname(path), name)
  // If there is a database again, it is another one with a log of its own. An empty file does not
  // count, because an owner's lock creates one.
  if (COPY.test(name) && existsSync(copy) && !databaseExists(path)) {
    for (const part of PARTS.slice(1))
      if (existsSync(`${path}${part}`) && !existsSync(`${copy}${part}`))
        renameSync(`${path}${part}`, `${copy}${part}`)
    removeIfNothing(copy)
  }
  finish(path)
}

/**
 * Removes the note. The folder is synced before and after that, because a note that reappears after
 * a power failure would be taken for that of a later quarantine.
 */
function finish(path: string): void {
  syncFolder(dirname(path))
  rmSync(`${path}${UNFINISHED}`, { force: true })
  syncFolder(dirname(path))
}

/** Returns the quarantined databases of this name that still exist. */
export function databasesSetAside(
  path: string,
  reasons: readonly AsideReason[] = ['damaged', 'replaced'],
): string[] {
  const starts = reasons.map(reason => `${basename(path)}.${reason}-`)
  return namesBeside(path)
    .filter(name => starts.some(start => name.startsWith(start)))
    .filter(name => !PARTS.slice(1).some(part => name.endsWith(part)))
    .map(name => join(dirname(path), name))
}

/** Returns true if a database exists. An empty file, which a lock creates, does not count. */
export function databaseExists(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** Returns the path of the marker of a database in which damage was found. */
export const suspectMark = (path: string): string => `${path}${SUSPECT}`

/** Returns the command that recovers the contents of a damaged database. */
export function rescueCommand(copy: string, path: string): string {
  return `sqlite3 "${copy}" .recover | sqlite3 "${path}"`
}

/** Returns the text of a file; undefined if it does not exist. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}
