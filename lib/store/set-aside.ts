import { existsSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The database itself, its write-ahead log and its journal: only together are they the data. */
const PARTS = ['', '-wal', '-journal']

const MARK = '.damaged-'

/** Gives a damaged database another name beside its own, which it tells. Nothing is deleted. */
export function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  const copy = `${path}${MARK}${stamp}`
  for (const part of PARTS) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${copy}${part}`)
  return copy
}

/** Databases of this name that were set aside and are still there. */
export function databasesSetAside(path: string): string[] {
  const start = `${basename(path)}${MARK}`
  return readdirSync(dirname(path))
    .filter(name => name.startsWith(start) && !PARTS.slice(1).some(part => name.endsWith(part)))
    .map(name => join(dirname(path), name))
}

/** How to get at what a damaged database holds. */
export function rescueCommand(copy: string, path: string): string {
  return `sqlite3 "${copy}" .recover | sqlite3 "${path}"`
}
