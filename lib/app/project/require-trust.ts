import { existsSync, statSync } from 'node:fs'
import { isAutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { readAccounts, userText } from '../../platform/trust/accounts.ts'
import { TRUST_VARIABLE, isListed } from '../../platform/trust/trusted-folders.ts'
import { findUntrusted, findUntrustedAbove, trustedUids } from '../../platform/trust/untrusted-file.ts'
import { findUntrustedPaths } from '../../platform/windows/untrusted-path.ts'
import type { OwnerAccess } from '../../platform/windows/untrusted-path.ts'
import { aclRefusal } from './trust/acl-refusal.ts'
import { modeRefusal } from './trust/mode-refusal.ts'
import { REASON, trustRefusal } from './trust/refusal.ts'

export interface TrustQuestion {
  readonly root: string
  /**
   * Files and folders from which the program takes code, executables, addresses of proxies or its
   * own documents. Missing paths are ignored.
   */
  readonly paths: readonly string[]
  /**
   * Returns paths that may matter once the configuration is known. They do not cause a refusal, but
   * a refusal also names those that other users can write to.
   */
  readonly likely?: () => readonly string[]
  /**
   * Paths that have just been found trusted. They are not checked again on Windows, where each
   * check starts a process.
   */
  readonly checked?: readonly string[]
  /**
   * True if the operator named this folder with `--root`. The operator then accepts the owner of
   * the folder, and no other user.
   */
  readonly isNamed: boolean
  /**
   * Owner that the operator accepts, as a uid or SID; undefined for the user who owns the folder at
   * the time of the check.
   */
  readonly owner?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Refuses a project that another user owns, may write to, or may replace because a folder above it
 * is writable. The files of a project decide which code runs as this user.
 * @throws `config-invalid` with a message that names all such paths with their owners or modes, the
 * commands that repair them, `--root` and `AUTOMATE_TRUST`.
 */
export async function requireTrust(question: TrustQuestion): Promise<void> {
  const { root, env } = question
  if (process.geteuid !== undefined) requireTrustedModes(question)
  else if (!isListed(root, env[TRUST_VARIABLE])) await requireOwnAcl(question)
}

/**
 * Refuses an untrusted project synchronously, by owners and modes alone. Does nothing on Windows,
 * which has no modes.
 * @throws `config-invalid`, as `requireTrust` does.
 */
export function requireTrustedModes(question: TrustQuestion): void {
  const { root, env } = question
  const uid = process.geteuid?.()
  if (uid === undefined || isListed(root, env[TRUST_VARIABLE])) return
  try {
    checkModes(question, uid)
  } catch (error) {
    if (isAutomateError(error) || systemCode(error) === undefined) throw error
    throw trustRefusal(
      root,
      `The permissions of ${root} cannot be checked: ${messageOf(error)}. ${REASON} Let your user read the project, or set ${TRUST_VARIABLE}=${root} in the environment.`,
      error,
    )
  }
}

function checkModes({ root, paths, likely, env, isNamed, owner: wanted }: TrustQuestion, uid: number): void {
  const accounts = readAccounts()
  const owner = statSync(root, { throwIfNoEntry: false })?.uid
  const named = wanted === undefined ? owner : uidOf(wanted)
  const uids = new Set([...trustedUids(uid, env), ...(isNamed && named !== undefined ? [named] : [])])
  const trusted = { uids, accounts }
  const all = [...new Set([root, ...paths])]
  const found = findUntrusted(all, trusted)
  const above = findUntrustedAbove(all, trusted).filter(({ path }) => found.every(one => one.path !== path))
  if (found.length + above.length === 0) return
  const others = likely?.().filter(path => !all.includes(path)) ?? []
  found.push(...findUntrusted(others, trusted))
  throw modeRefusal({ root, owner, found, above, user: userText(accounts, uid), accounts })
}

const uidOf = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined)

/** Refuses an untrusted project on Windows, by owners and access control lists. */
export async function requireOwnAcl(
  { root, paths, likely, checked = [], isNamed, owner }: Omit<TrustQuestion, 'env'>,
  access?: OwnerAccess,
): Promise<void> {
  const find = async (some: readonly string[]) =>
    findUntrustedPaths(
      [...new Set(some)].filter(path => !checked.includes(path) && existsSync(path)),
      isNamed ? (owner === undefined ? { ownerOf: root } : { owner }) : null,
      access,
    )
  const found = await find([root, ...paths])
  if (found.length === 0) return
  throw aclRefusal([...found, ...(await find(likely?.() ?? []))], root)
}
