import { spawnSync } from 'node:child_process'

/** Returns the output of the stock `sqlite3` shell; undefined if it is not installed. */
export function sqliteShell(file: string, command: string): { out: string; err: string } | undefined {
  const { error, stdout, stderr } = spawnSync('sqlite3', [file, command], { encoding: 'utf8' })
  return error === undefined ? { out: stdout.trim(), err: stderr.trim() } : undefined
}
