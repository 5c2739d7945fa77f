import { join } from 'node:path'
import { ProjectPaths } from '../../core/process/paths.ts'
import { openLog } from '../../files/logs/log-writer.ts'

const MS_A_SECOND = 1_000

/** A hang of the main thread, as passed to the thread that logs it. */
export interface Hang {
  /** The project's folder. */
  readonly root: string
  readonly limitMs: number
  /** Calls in which the thread hung, innermost first; empty if it hung in a system call. */
  readonly calls: readonly string[]
}

export function isHang(value: unknown): value is Hang {
  return (
    typeof value === 'object' &&
    value !== null &&
    'root' in value &&
    typeof value.root === 'string' &&
    'limitMs' in value &&
    typeof value.limitMs === 'number' &&
    'calls' in value &&
    Array.isArray(value.calls)
  )
}

/** Logs a hang. Writes synchronously, so it blocks for as long as the disk does. */
export function recordHang({ root, limitMs, calls }: Hang): void {
  const paths = new ProjectPaths(root)
  const log = openLog({
    source: 'scheduler',
    pathAt: at => join(paths.logs('console', at), 'console.log'),
  })
  const where = calls.length === 0 ? 'in a system call' : `in ${calls.join(' < ')}`
  log.error(
    `The scheduler has hung for ${limitMs / MS_A_SECOND} s ${where}. Its process is ended, so that its service restarts it.`,
  )
  log.close()
}
