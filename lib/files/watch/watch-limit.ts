import { readFileSync } from 'node:fs'
import { systemCode } from '../../core/errors/errors.ts'

/** A limit of the system that prevents the watch of files. */
export interface WatchLimit {
  readonly name: string
  /** Present value; undefined if it cannot be read. */
  readonly value: number | undefined
  /** Command that raises the limit. */
  readonly remedy: string
}

/** Inotify limits by the error of a watch that they refuse; see inotify(7). */
const INOTIFY: Readonly<Record<string, string>> = {
  EMFILE: 'max_user_instances',
  ENOSPC: 'max_user_watches',
}

/** Returns the limit that made a watch fail; undefined for any other error. */
export function watchLimitOf(error: unknown): WatchLimit | undefined {
  const code = systemCode(error)
  if (code === undefined || !isOfWatch(error)) return undefined
  const name = process.platform === 'linux' ? INOTIFY[code] : undefined
  if (name !== undefined) return inotifyLimit(name)
  return code === 'EMFILE' ? { name: 'open files', value: undefined, remedy: 'ulimit -n 4096' } : undefined
}

/**
 * True if the error came from a watch. If no more files can be opened, a read fails with the same
 * code as a watch.
 */
function isOfWatch(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'watch'
}

function inotifyLimit(name: string): WatchLimit {
  const value = numberIn(`/proc/sys/fs/inotify/${name}`)
  return {
    name: `fs.inotify.${name}`,
    value,
    remedy: `sudo sysctl -w fs.inotify.${name}=${2 * (value ?? 8_192)}`,
  }
}

function numberIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return undefined
  }
}
