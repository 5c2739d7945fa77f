import { readFileSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { watchLimitOf } from '../../files/watch/watch-limit.ts'
import type { WatchLimit } from '../../files/watch/watch-limit.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Needed open files. A browser with a few pages has about 300. */
const FILES_NEEDED = 1_024

/** Threads of a worker with its browser's processes. */
const THREADS_A_WORKER = 150

/**
 * Needed watches. A project has some hundred documents, and other programs of the user watch files
 * too.
 */
const WATCHES_NEEDED = 8_192

/**
 * Compares the system's limits for this user with the needs of the workers. Only Linux has limits
 * that are often too low.
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

/** Returns the exhausted limit of file watches, which other programs of the user share. */
function usedUp(): WatchLimit | undefined {
  try {
    watch(tmpdir()).close()
    return undefined
  } catch (error) {
    return watchLimitOf(error)
  }
}

/** Returns this process's limit by its name in proc(5); Infinity for no limit. */
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
