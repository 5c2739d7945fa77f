import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { AutomateError } from '../errors/errors.ts'

/**
 * Returns the target of a dangling symbolic link, such as a link to a disk that is not mounted.
 * Returns undefined for any other path.
 */
export function danglingTarget(path: string): string | undefined {
  if (existsSync(path)) return undefined
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? readlinkSync(path)
    : undefined
}

/**
 * Throws if the path is a dangling symbolic link. Its target may only be unavailable, so the path
 * must not be treated as missing.
 * @throws `environment-unfit` if the path is a dangling link.
 */
export function refuseDanglingLink(path: string): void {
  const target = danglingTarget(path)
  if (target === undefined) return
  throw new AutomateError(
    'environment-unfit',
    `${path} is a link to ${target}, which does not exist or cannot be reached. Mount its disk, or remove the link, and try again.`,
    { facts: { path, target } },
  )
}
