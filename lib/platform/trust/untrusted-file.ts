import { lstatSync, statSync } from 'node:fs'
import { hasAccessList } from './access-list.ts'
import { isPrivateGroup } from './accounts.ts'
import type { Accounts } from './accounts.ts'

const ROOT_UID = 0
const GROUP_WRITE = 0o020
const OTHERS_WRITE = 0o002
const PERMISSIONS = 0o7777

/** Users that may own what this process runs. */
export interface TrustedUsers {
  readonly uids: ReadonlySet<number>
  /** True if the operator named the folder: its owner is trusted, other writers are not. */
  readonly anyOwner: boolean
  readonly accounts: Accounts
}

/** Reason why a file or folder is not trusted. */
export type Distrust =
  | { readonly why: 'owner'; readonly path: string; readonly uid: number }
  | { readonly why: 'writable'; readonly path: string; readonly mode: number }

/**
 * Returns the users whose files this process trusts: its own user, root (who can change everything anyway) and, if root runs it by
 * sudo, the user that called sudo. Git's `safe.directory` accepts the same owners.
 */
export function trustedUids(
  uid: number,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<number> {
  const sudoUid = env['SUDO_UID'] ?? ''
  return new Set([ROOT_UID, uid, ...(uid === ROOT_UID && /^\d+$/.test(sudoUid) ? [Number(sudoUid)] : [])])
}

/**
 * Returns the paths that another user owns or may write, with the reasons; ignores paths that do not exist. The sticky bit of a folder does not
 * count, because others can still create files in it. A link is checked with its target.
 */
export function findUntrusted(paths: readonly string[], trusted: TrustedUsers): Distrust[] {
  return paths.flatMap(path => distrustOf(path, trusted) ?? [])
}

function distrustOf(path: string, { uids, anyOwner, accounts }: TrustedUsers): Distrust | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false })
  const target = statSync(path, { throwIfNoEntry: false })
  const foreign = [link, target].find(one => one !== undefined && !anyOwner && !uids.has(one.uid))
  if (foreign !== undefined) return { why: 'owner', path, uid: foreign.uid }
  if (target === undefined) return undefined
  const { mode, uid: owner, gid } = target
  const isShared =
    (mode & OTHERS_WRITE) !== 0 ||
    ((mode & GROUP_WRITE) !== 0 &&
      (hasAccessList(path) || ![owner, ...uids].some(uid => isPrivateGroup(accounts, gid, uid))))
  return isShared ? { why: 'writable', path, mode: mode & PERMISSIONS } : undefined
}
