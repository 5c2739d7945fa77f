import { readFileSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { watchLimitOf } from '../../files/watch/watch-limit.ts'
import type { WatchLimit } from '../../files/watch/watch-limit.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Minimum limit of open files for each process. A browser with a few pages has about 300 open. */
const FILES_NEEDED = 1_024

/** Number of threads of a worker, including its browser's processes. */
const THREADS_A_WORKER = 150

/**
 * Minimum limit of file watches of the user. A project has some hundred documents, and other
 * programs of the user watch files too.
 */
const WATCHES_NEEDED = 8_192

/**
 * Compares the system's limits for this user with the needs of the workers. Only on Linux, because
 * limits of other systems are rarely too low.
 */
export const limitsCheck: Check = {
  id: 'limits',
  ofProject: false,
  run({ words: { limits }, config }) {
    if (process.platform !== 'linux') return ok(limits.notNeeded)
    const files = limitOf('Max open files')
    if (files < FILES_NEEDED) return warning(limits.files(files, FILES_NEEDED), limits.filesRemedy)
    const threads = Math.min(limitOf('Max processes'), numberIn('/sys/fs/cgroup/pids.max'))
    const needed = config.workers * THREADS_A_WORKER
    if (threads < needed)
      return warning(limits.threads(threads, config.workers, needed), limits.threadsRemedy)
    const watches = numberIn('/proc/sys/fs/inotify/max_user_watches')
    if (watches < WATCHES_NEEDED) return warning(limits.watches(watches), limits.watchesRemedy)
    const used = usedUp()
    if (used !== undefined)
      return warning(limits.watchesUsed(used.name), limits.watchesUsedRemedy(used.remedy))
    const format = (count: number) => (Number.isFinite(count) ? String(count) : limits.unlimited)
    return ok(limits.good(format(files), format(threads)))
  },
}

/**
 * Returns the limit of file watches that is exhausted, or undefined if none is. Other programs of
 * the user may have used up the watches.
 */
function usedUp(): WatchLimit | undefined {
  try {
    watch(tmpdir()).close()
    return undefined
  } catch (error) {
    return watchLimitOf(error)
  }
}

/**
 * Returns the limit of this process with the given name in `/proc/self/limits`, or Infinity if it
 * is unlimited.
 */
function limitOf(name: string): number {
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find(one => one.startsWith(name))
  return asLimit(line?.slice(name.length).trim().split(/\s+/)[0])
}

function numberIn(file: string): number {
  try {
    return asLimit(readFileSync(file, 'utf8').trim())
  } catch {
    return Infinity
  }
}

const asLimit = (text: string | undefined): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : Infinity
