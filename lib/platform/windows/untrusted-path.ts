import { isTrustedOwner, othersThatWrite } from './acl.ts'
import type { AllowEntry } from './acl.ts'
import { currentSid, readAcl, readOwners } from './read-acl.ts'

/** Functions that read owners and access control lists on Windows. */
export interface OwnerAccess {
  readonly currentSid: () => Promise<string | undefined>
  readonly readAcl: (path: string) => Promise<readonly AllowEntry[] | undefined>
  readonly readOwners: (paths: readonly string[]) => Promise<readonly (string | undefined)[]>
}

/** Reason why a file or folder is not trusted. `user` is the SID of this process's user. */
export type PathDistrust =
  | { readonly why: 'unreadable'; readonly path: string; readonly what: 'user' | 'owner' | 'list' }
  | { readonly why: 'owner'; readonly path: string; readonly owner: string; readonly user: string }
  | {
      readonly why: 'writers'
      readonly path: string
      readonly writers: readonly string[]
      readonly user: string
    }

/** Additional trusted owner: a SID, or a folder whose current owner is trusted. */
export type OwnerConsent =
  { readonly owner: string; readonly ownerOf?: never } | { readonly owner?: never; readonly ownerOf: string }

const SYSTEM: OwnerAccess = { currentSid, readAcl, readOwners }

/**
 * Returns the reasons to distrust `paths`: another user owns the path or may change it, or its
 * owner or access control list cannot be read. `consent` names another trusted owner, or a folder
 * of that owner. The owner matters because an owner may change the access control list at any time.
 */
export async function findUntrustedPaths(
  paths: readonly string[],
  consent: OwnerConsent | null,
  access: OwnerAccess = SYSTEM,
): Promise<PathDistrust[]> {
  if (paths.length === 0) return []
  const named = consent?.ownerOf
  const [user, owners, lists] = await Promise.all([
    access.currentSid(),
    access.readOwners(named === undefined ? paths : [...paths, named]),
    Promise.all(paths.map(path => access.readAcl(path))),
  ])
  const trusted = named === undefined ? consent?.owner : owners[paths.length]
  return paths.flatMap((path, index): PathDistrust[] => {
    if (user === undefined) return [{ why: 'unreadable', path, what: 'user' }]
    const list = lists[index]
    if (list === undefined) return [{ why: 'unreadable', path, what: 'list' }]
    const writers = othersThatWrite(list, user)
    const shared: PathDistrust[] = writers.length > 0 ? [{ why: 'writers', path, writers, user }] : []
    const owner = owners[index]
    if (owner === undefined) return [{ why: 'unreadable', path, what: 'owner' }]
    return owner === trusted || isTrustedOwner(owner, user)
      ? shared
      : [...shared, { why: 'owner', path, owner, user }]
  })
}
