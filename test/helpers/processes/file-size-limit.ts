import { spawnSync } from 'node:child_process'

/** Why no process can be forbidden to write; false where it can. */
export const noSizeLimit: string | false =
  process.platform !== 'linux'
    ? 'only Linux limits the files of a running process'
    : spawnSync('prlimit', ['--version']).status === 0
      ? false
      : 'there is no prlimit'

/**
 * Lets the system refuse every write of a process into a file, as a disk does on which a quota is
 * used up, or take them again. What it writes into pipes arrives as before. Processes that it
 * starts meanwhile inherit it.
 */
export function refuseFileWrites(pid: number, isRefusing: boolean): void {
  const soft = isRefusing ? '0' : 'unlimited'
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${soft}:unlimited`])
  if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`)
}
