import { lstatSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { linkReader, wayTo } from '../../core/disk/way-to.ts'
import { hasAccessList } from './access-list.ts'
import { isPrivateGroup } from './accounts.ts'
import type { Accounts } from './accounts.ts'

const ROOT_UID = 0
const GROUP_WRITE = 0o020
const OTHERS_WRITE = 0o002
const STICKY = 0o1000
const PERMISSIONS = 0o7777

/**
 * Uid that a user namespace shows as the owner of files whose real owner it does not map
 * (`kernel.overflowuid`).
 */
const OVERFLOW_UID = 65_534

/** Users that may own the code of this process. */
export interface TrustedUsers {
  readonly uids: ReadonlySet<number>
  readonly accounts: Accounts
}

/**
 * Scope of a trust check. `project` is the code that jobs run. `program` also includes the
 * installed package, which a restart runs.
 */
export type TrustSubject = 'project' | 'program'

/** Reason why a file or folder is not trusted. */
export type Distrust =
  | { readonly why: 'owner'; readonly path: string; readonly uid: number }
  | { readonly why: 'writable'; readonly path: string; readonly mode: number }

/**
 * Returns the uids of trusted file owners: the user of this process, root (who can change
 * everything anyway) and, if root runs this process through sudo, the user who called sudo. Git's
 * `safe.directory` trusts the same owners.
 */
export function trustedUids(
  uid: number,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<number> {
  const sudoUid = env['SUDO_UID'] ?? ''
  return new Set([ROOT_UID, uid, ...(uid === ROOT_UID && /^\d+$/.test(sudoUid) ? [Number(sudoUid)] : [])])
}

/**
 * Returns the paths that an untrusted user owns or may write to, with the reasons. Paths that do
 * not exist are ignored. A folder that others can write to counts even with the sticky bit, because
 * they can still create files in it. For a link, the link and its target are checked.
 */
export function findUntrusted(paths: readonly string[], trusted: TrustedUsers): Distrust[] {
  return paths.flatMap(path => distrustOf(path, trusted) ?? [])
}

/**
 * Returns the links on the way to `paths` that an untrusted user owns, and the folders on the way
 * in which an untrusted user can replace entries, with the reasons. A folder with the sticky bit is
 * allowed, because others can replace only their own files in it. OpenSSH (`StrictModes`) makes the
 * same check for its keys.
 */
export function findUntrustedAbove(paths: readonly string[], trusted: TrustedUsers): Distrust[] {
  const linkAt = linkReader()
  const places = new Set(paths.flatMap(path => wayTo(path, linkAt)))
  const folders = new Set([...places].map(place => dirname(place)))
  // In a container, root of the host may be an unmapped user, whose files have this uid.
  const uids = hasAllUsers() ? trusted.uids : new Set([...trusted.uids, OVERFLOW_UID])
  const foreign = [...folders].flatMap(folder => {
    const distrust = distrustOf(folder, { ...trusted, uids })
    const isHarmless = distrust?.why === 'writable' && (distrust.mode & STICKY) !== 0
    return distrust === undefined || isHarmless ? [] : [distrust]
  })
  const own = new Set(paths.map(path => resolve(path)))
  const links = [...places].flatMap(path => {
    const uid = own.has(path) || folders.has(path) ? undefined : linkAt(path)?.uid
    return uid === undefined || uids.has(uid) ? [] : [{ why: 'owner', path, uid } as const]
  })
  return [...foreign, ...links]
}

/**
 * True unless this process runs in a Linux user namespace that maps only some users, see
 * user_namespaces(7).
 */
function hasAllUsers(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return true
  }
}

function distrustOf(path: string, { uids, accounts }: TrustedUsers): Distrust | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false })
  const target = link?.isSymbolicLink() === true ? statSync(path, { throwIfNoEntry: false }) : link
  const foreign = [link, target].find(one => one !== undefined && !uids.has(one.uid))
  if (foreign !== undefined) return { why: 'owner', path, uid: foreign.uid }
  if (target === undefined) return undefined
  const { mode, uid: owner, gid } = target
  const isShared =
    (mode & OTHERS_WRITE) !== 0 ||
    ((mode & GROUP_WRITE) !== 0 &&
      (hasAccessList(path) || ![owner, ...uids].some(uid => isPrivateGroup(accounts, gid, uid))))
  return isShared ? { why: 'writable', path, mode: mode & PERMISSIONS } : undefined
}
