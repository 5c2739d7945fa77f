import { systemCode } from '../../../lib/core/errors/errors.ts'

/** Kills one process of ours by its pid. Ignores a process that has ended. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
