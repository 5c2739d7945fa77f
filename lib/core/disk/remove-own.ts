import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { refuseForeignLink } from './foreign-link.ts'

const WITH_ALL = { force: true, recursive: true } as const

/**
 * Removes a file that the program created, if the file exists. If the path is a link, the link is
 * removed and not its target.
 * @throws `environment-unfit` if the path leads through a link of another user; otherwise the
 * system's error.
 */
export function removeOwnFile(path: string): void {
  refuseForeignLink(dirname(path))
  rmSync(path, { force: true })
}

/**
 * Removes a file, or a folder with its content, that the program created.
 * @throws The errors of `removeOwnFile`.
 */
export function removeOwnTree(path: string): void {
  refuseForeignLink(dirname(path))
  rmSync(path, WITH_ALL)
}

/**
 * Removes a file, or a folder with its content, that the program created, asynchronously. Rejects
 * with the errors of `removeOwnFile`.
 */
export async function removeOwnTreeLater(path: string): Promise<void> {
  refuseForeignLink(dirname(path))
  await rm(path, WITH_ALL)
}
