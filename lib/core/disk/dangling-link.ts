import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { AutomateError } from '../errors/errors.ts'

/**
 * Returns the target of a link that leads nowhere, such as a link to a disk that is not mounted;
 * undefined for everything else.
 */
export function danglingTarget(path: string): string | undefined {
  if (existsSync(path)) return undefined
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? readlinkSync(path)
    : undefined
}

/**
 * Refuses a link that leads nowhere, because its target is not lost and must not count as missing.
 * @throws `environment-unfit`.
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
