import { readFileSync } from 'node:fs'

/**
 * When a process started, as an opaque text: the same pid with another text is another process.
 * Undefined where the system does not tell (then a pid has to do), and for a process that is not there.
 */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}:${fields[19] ?? ''}`
  } catch {
    return undefined
  }
}

/** Tells whether the process that had this pid and this start is still there. */
export function processLives(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false
  }
  return start === undefined || processStart(pid) === undefined || processStart(pid) === start
}
