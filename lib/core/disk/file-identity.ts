import { statSync } from 'node:fs'

/** Returns the device and the number of a file or folder; undefined if there is none. */
export function fileIdentity(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.dev.toString()}:${stat.ino.toString()}`
}
