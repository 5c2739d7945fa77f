import { statSync } from 'node:fs'
import { AutomateError, systemCode } from '../errors/errors.ts'
import { linkReader, wayTo } from './way-to.ts'
import type { LinkReader } from './way-to.ts'

const ROOT_UID = 0

export interface ForeignLink {
  readonly path: string
  /** User that created the link. */
  readonly uid: number
}

/**
 * Returns the first symbolic link on the way to a path, the path itself included, that another user
 * created and whose target that user does not own. Such a link would let its creator redirect our
 * writes and removals to files of other users. Links that this user or root created are followed,
 * such as a `data` on another disk. The kernel (`fs.protected_symlinks`) and systemd-tmpfiles apply
 * the same rule. Returns undefined if there is no such link, and always on Windows, where the
 * access control list of a folder decides who can create links in it.
 */
export function findForeignLink(path: string): ForeignLink | undefined {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const linkAt = linkReader()
  for (const place of placesOn(path, linkAt)) {
    const maker = linkAt(place)?.uid
    if (maker === undefined || maker === uid || maker === ROOT_UID) continue
    if (ownerOf(place) !== maker) return { path: place, uid: maker }
  }
  return undefined
}

/**
 * Throws if a path leads through a link of another user, so that the caller neither removes nor
 * changes the link's target.
 * @throws `environment-unfit` if there is such a link.
 */
export function refuseForeignLink(path: string): void {
  const link = findForeignLink(path)
  if (link === undefined) return
  throw new AutomateError(
    'environment-unfit',
    `${link.path} is a link that uid ${link.uid} created to a folder of another user, so nothing behind it is removed or changed. Remove the link.`,
    { facts: { path: link.path } },
  )
}

/**
 * Returns the places on the way to a path; none if the path cannot be resolved, because then
 * nothing behind it can be removed either.
 */
function placesOn(path: string, linkAt: LinkReader): string[] {
  try {
    return wayTo(path, linkAt)
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return []
  }
}

/**
 * Returns the uid that owns a link's target; undefined if the target does not exist or cannot be
 * reached.
 */
function ownerOf(link: string): number | undefined {
  try {
    return statSync(link).uid
  } catch {
    return undefined
  }
}
