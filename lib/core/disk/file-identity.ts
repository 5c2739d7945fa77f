import { statSync } from 'node:fs'

/**
 * Returns the device and inode numbers of a file or folder, as `device:inode`, or undefined if the
 * path does not exist.
 */
export function fileIdentity(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.dev.toString()}:${stat.ino.toString()}`
}
