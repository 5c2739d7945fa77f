import { join } from 'node:path'
import { ProjectPaths } from '../../core/paths.ts'
import { mainThreadStack } from './main-thread-stack.ts'

const MS_A_SECOND = 1_000

export interface WatchdogData {
  /** The main thread raises the number as long as it runs. */
  readonly beats: Int32Array
  readonly limitMs: number
  readonly checkMs: number
  /** The project's folder. */
  readonly root: string
}

export function isWatchdogData(value: unknown): value is WatchdogData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'beats' in value &&
    value.beats instanceof Int32Array &&
    'limitMs' in value &&
    typeof value.limitMs === 'number' &&
    'checkMs' in value &&
    typeof value.checkMs === 'number' &&
    'root' in value &&
    typeof value.root === 'string'
  )
}

/** Watches the main thread, and kills the process when it has not run for the limit. */
export function watchMainThread({ beats, limitMs, checkMs, root }: WatchdogData): void {
  let last = Atomics.load(beats, 0)
  // Counted in checks instead of time: while the process is stopped or the machine sleeps, none is made.
  let missed = 0
  const checking = setInterval(() => {
    const now = Atomics.load(beats, 0)
    missed = now === last ? missed + 1 : 0
    last = now
    if (missed * checkMs < limitMs) return
    clearInterval(checking)
    void endProcess(limitMs, root)
  }, checkMs)
}

async function endProcess(limitMs: number, root: string): Promise<void> {
  try {
    await record(limitMs, await mainThreadStack(), root)
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}

async function record(limitMs: number, stack: readonly string[], root: string): Promise<void> {
  // Loaded now, since it is hardly ever needed.
  const { openLog } = await import('../../files/log-writer.ts')
  const paths = new ProjectPaths(root)
  const log = openLog({
    source: 'scheduler',
    pathAt: at => join(paths.logs('console', at), 'console.log'),
  })
  const where = stack.length === 0 ? 'in a call of the system' : `in ${stack.join(' < ')}`
  log.error(
    `The scheduler has hung for ${limitMs / MS_A_SECOND} s ${where}. Its process is ended, so that its service starts it again.`,
  )
  log.close()
}
