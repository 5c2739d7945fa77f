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

/** Owner of files in a user namespace that lacks their user (`kernel.overflowuid`). */
const OVERFLOW_UID = 65_534

/** Users that may own the code of this process. */
export interface TrustedUsers {
  readonly uids: ReadonlySet<number>
  readonly accounts: Accounts
}

/**
 * Subject of a check: the code that jobs run, or also the installed package, which a restart runs.
 */
export type TrustSubject = 'project' | 'program'

/** Reason why a file or folder is not trusted. */
export type Distrust =
  | { readonly why: 'owner'; readonly path: string; readonly uid: number }
  | { readonly why: 'writable'; readonly path: string; readonly mode: number }

/**
 * Returns the trusted owners of files: the user of this process, root (who can change everything
 * anyway) and, if root runs it by sudo, the user that called sudo. Git's `safe.directory` accepts
 * the same owners.
 */
export function trustedUids(
  uid: number,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<number> {
  const sudoUid = env['SUDO_UID'] ?? ''
  return new Set([ROOT_UID, uid, ...(uid === ROOT_UID && /^\d+$/.test(sudoUid) ? [Number(sudoUid)] : [])])
}

/**
 * Returns the paths that another user owns or may write, with the reasons; ignores paths that do
 * not exist. The sticky bit of a folder does not count, because others can still create files in
 * it. A link is checked with its target.
 */
export function findUntrusted(paths: readonly string[], trusted: TrustedUsers): Distrust[] {
  return paths.flatMap(path => distrustOf(path, trusted) ?? [])
}

/**
 * Returns the links on the way to `paths` that another user owns, and the folders on that way in
 * which another user can replace entries, with the reasons. In a folder with the sticky bit others
 * can replace only their own files. OpenSSH (`StrictModes`) checks the same for its keys.
 */
export function findUntrustedAbove(paths: readonly string[], trusted: TrustedUsers): Distrust[] {
  const linkAt = linkReader()
  const places = new Set(paths.flatMap(path => wayTo(path, linkAt)))
  const folders = new Set([...places].map(place => dirname(place)))
  // In a container root itself may be such a user.
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
 * True unless this process is in a user namespace of Linux that maps only some users, see
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
