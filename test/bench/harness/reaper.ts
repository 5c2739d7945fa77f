import koffi from 'koffi'

/** `prctl(PR_SET_CHILD_SUBREAPER)`, from linux/prctl.h. */
const PR_SET_CHILD_SUBREAPER = 36
/** `waitpid` returns at once, from sys/wait.h. */
const WNOHANG = 1

/** Waits for one ended child process, whose row then leaves the process table. */
export type Reap = (pid: number) => void

/**
 * Makes this process the parent of every orphan below it, so that the CPU time of a browser with a
 * killed parent still counts. Returns undefined if that is impossible (not Linux, no libc with
 * these calls). Then no tree is measured.
 */
export function becomeReaper(): Reap | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const libc = koffi.load(null)
    const prctl = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')
    const waitpid = libc.func('int waitpid(int, void *, int)')
    const result: unknown = prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return result === 0 ? pid => void waitpid(pid, null, WNOHANG) : undefined
  } catch {
    return undefined
  }
}
