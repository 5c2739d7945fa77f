import { spawnSync } from 'node:child_process'

/** Reason to skip tests that forbid a process to write; false if they can run. */
export const noSizeLimit: string | false =
  process.platform !== 'linux'
    ? 'only Linux limits the files of a running process'
    : spawnSync('prlimit', ['--version']).status === 0
      ? false
      : 'there is no prlimit'

/**
 * Makes the system refuse all file writes of a process, as a disk with a used-up quota does, or
 * accept them again. Writes into pipes still arrive. Processes that it starts during the refusal
 * inherit the limit.
 */
export function refuseFileWrites(pid: number, isRefusing: boolean): void {
  const soft = isRefusing ? '0' : 'unlimited'
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${soft}:unlimited`])
  if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`)
}
