import { statSync } from 'node:fs'
import { AutomateError, systemCode } from '../errors/errors.ts'
import { linkReader, wayTo } from './way-to.ts'
import type { LinkReader } from './way-to.ts'

const ROOT_UID = 0

export interface ForeignLink {
  readonly path: string
  /** User that made the link. */
  readonly uid: number
}

/**
 * Returns the first link on the way to a path, the path itself included, that another user made
 * without owning its target, because such a link gives its maker a power that the maker does not
 * have. A link of this user or of root is followed, such as a `data` on another disk. The kernel
 * (`fs.protected_symlinks`) and systemd-tmpfiles use the same rule. Windows reports no owners here.
 * There the access control list of the folder decides which users can make a link in it.
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
 * Refuses to remove or change the target of a link of another user.
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
 * Returns no places for a path that cannot be looked up, because nothing behind it can be removed
 * either.
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
 * Returns the owner of a link's target; undefined if the target does not exist, or cannot be
 * reached.
 */
function ownerOf(link: string): number | undefined {
  try {
    return statSync(link).uid
  } catch {
    return undefined
  }
}
