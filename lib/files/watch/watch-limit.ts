import { readFileSync } from 'node:fs'
import { systemCode } from '../../core/errors/errors.ts'

/** Limit of the operating system that prevents files from being watched. */
export interface WatchLimit {
  readonly name: string
  /** Current value; undefined if it cannot be read. */
  readonly value: number | undefined
  /** Command that raises the limit. */
  readonly remedy: string
}

/**
 * Names of the inotify limits, by the error code of a watch that exceeds the limit; see inotify(7).
 */
const INOTIFY: Readonly<Record<string, string>> = {
  EMFILE: 'max_user_instances',
  ENOSPC: 'max_user_watches',
}

/** Returns the limit that caused a watch to fail; undefined for any other error. */
export function watchLimitOf(error: unknown): WatchLimit | undefined {
  const code = systemCode(error)
  if (code === undefined || !isOfWatch(error)) return undefined
  const name = process.platform === 'linux' ? INOTIFY[code] : undefined
  if (name !== undefined) return inotifyLimit(name)
  return code === 'EMFILE' ? { name: 'open files', value: undefined, remedy: 'ulimit -n 4096' } : undefined
}

/**
 * True if the error comes from a watch. A read fails with the same error code if no more files can
 * be opened.
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
