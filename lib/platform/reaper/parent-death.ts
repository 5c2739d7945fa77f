import { loadKoffi } from '../windows/koffi.ts'

/** prctl(2). */
const PR_SET_PDEATHSIG = 1
const SIGKILL = 9

export type ParentDeath = 'armed' | 'unsupported' | 'parent-gone'

/**
 * Asks Linux to kill this process when its parent dies, however that dies. `parentPid` is what the parent said its own pid is: when it is not the
 * parent any more, it died before the request, and `parent-gone` tells the caller to leave. `unsupported` on other systems and where koffi does not load.
 *
 * The signal comes when the *thread* that forked this process ends (prctl(2)). Node forks on the thread that calls spawn or fork: fork from the main
 * thread, since a child forked in a worker thread dies with that thread. Children of this process are not covered: they ask for themselves.
 */
export function dieWithParent(parentPid: number): ParentDeath {
  if (process.platform !== 'linux') return process.ppid === parentPid ? 'unsupported' : 'parent-gone'
  const armed = requestDeath()
  if (process.ppid !== parentPid) return 'parent-gone'
  return armed ? 'armed' : 'unsupported'
}

function requestDeath(): boolean {
  try {
    // The name without a library finds it in what the process has loaded, whichever C library that is.
    const prctl = loadKoffi()
      .load(null)
      .func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) === 0
  } catch {
    return false
  }
}
