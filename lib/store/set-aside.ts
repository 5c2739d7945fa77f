import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../core/disk/whole-file.ts'

/** The database itself, its write-ahead log and its journal: only together are they the data. The database comes first: while it is missing, no empty one takes its place. */
const PARTS = ['', '-wal', '-journal']

/** Why a database was set aside. */
export type AsideReason = 'damaged' | 'replaced'

/** Marks a database in which damage was found while it was in use: it is checked completely before it is opened again. */
const SUSPECT = '.suspect'

/** Renames a database beside its own name and returns the new path; null when there was none. Nothing is deleted. */
export function setAside(path: string, now: number, reason: AsideReason): string | null {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  const copy = `${path}.${reason}-${stamp}`
  const parts = PARTS.filter(part => existsSync(`${path}${part}`))
  for (const part of parts) renameSync(`${path}${part}`, `${copy}${part}`)
  syncFolder(dirname(path))
  // A lock makes an empty file where there was none.
  if (parts.join() !== '' || !existsSync(copy) || statSync(copy).size > 0)
    return parts.length > 0 ? copy : null
  rmSync(copy)
  return null
}

/** Databases of this name that were set aside and still exist. */
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

/** Returns whether a database exists. The empty file that a lock makes is none. */
export function databaseExists(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** Returns the path of the mark, which is a file. */
export const suspectMark = (path: string): string => `${path}${SUSPECT}`

/** Returns the command that rescues what a damaged database holds. */
export function rescueCommand(copy: string, path: string): string {
  return `sqlite3 "${copy}" .recover | sqlite3 "${path}"`
}

function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}
