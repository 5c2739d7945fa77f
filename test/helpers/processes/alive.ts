import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'
import { until } from '../until.ts'

export function pidsOf(line: string): number[] {
  return line.split(' ').map(Number)
}

export function alive(pids: readonly number[]): number[] {
  return pids.filter(pid => identifyProcess(pid) !== undefined)
}

export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(`the end of ${pids.join(', ')}`, () => alive(pids).length === 0)
}

/**
 * Kills the processes that a failed test has left behind. Pass only pids that the test itself
 * started.
 */
export function endAll(pids: readonly number[]): void {
  for (const pid of alive(pids)) process.kill(pid, 'SIGKILL')
}
