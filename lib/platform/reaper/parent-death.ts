import { loadKoffi } from '../windows/koffi.ts'

/** prctl(2). */
const PR_SET_PDEATHSIG = 1
const SIGKILL = 9

export type ParentDeath = 'armed' | 'unsupported' | 'parent-gone'

/**
 * Asks Linux to kill this process when its parent dies for any reason. `parentPid` is the pid that
 * the parent reported of itself. If it is no longer the parent of this process, the parent died
 * before the request, and the result is `parent-gone`; the caller must then exit. Returns
 * `unsupported` on other systems, or if koffi does not load.
 *
 * The signal is sent when the *thread* that forked this process ends (prctl(2)). Node forks on the
 * thread that calls spawn or fork, so fork from the main thread. A child that was forked in a
 * worker thread dies with that thread. Children of this process are not covered and must make their
 * own request.
 */
export function dieWithParent(parentPid: number): ParentDeath {
  if (process.platform !== 'linux') return process.ppid === parentPid ? 'unsupported' : 'parent-gone'
  const armed = requestDeath()
  if (process.ppid !== parentPid) return 'parent-gone'
  return armed ? 'armed' : 'unsupported'
}

function requestDeath(): boolean {
  try {
    // Without a library name, koffi searches the libraries that are already loaded, so this works
    // with any C library.
    const prctl = loadKoffi()
      .load(null)
      .func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) === 0
  } catch {
    return false
  }
}
