import { spawnSync } from 'node:child_process'

/** Reason to skip tests that prevent a process from writing files; false if they can run. */
export const noSizeLimit: string | false =
  process.platform !== 'linux'
    ? 'only Linux limits the files of a running process'
    : spawnSync('prlimit', ['--version']).status === 0
      ? false
      : 'there is no prlimit'

/**
 * Makes the system refuse all writes of a process to files, as with an exhausted disk quota, or
 * accept them again. Writes to pipes are not affected. Processes that it starts while writes are
 * refused inherit the limit.
 */
export function refuseFileWrites(pid: number, isRefusing: boolean): void {
  const soft = isRefusing ? '0' : 'unlimited'
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${soft}:unlimited`])
  if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`)
}
