import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Returns the path itself, or the nearest folder above it that exists. */
export function nearestFolder(path: string): string {
  const parent = dirname(path)
  if (parent === path || statSync(path, { throwIfNoEntry: false }) !== undefined) return path
  return nearestFolder(parent)
}
