import { existsSync } from 'node:fs'
import { AutomateError } from '../lib/core/errors.ts'
import { readAccounts, userText } from '../lib/platform/trust/accounts.ts'
import type { Accounts } from '../lib/platform/trust/accounts.ts'
import { TRUST_VARIABLE, isListed } from '../lib/platform/trust/trusted-folders.ts'
import { findUntrusted, trustedUids } from '../lib/platform/trust/untrusted-file.ts'
import type { Distrust } from '../lib/platform/trust/untrusted-file.ts'
import { privateArguments } from '../lib/platform/windows/read-acl.ts'
import { findUntrustedPath } from '../lib/platform/windows/untrusted-path.ts'
import type { OwnerAccess, PathDistrust } from '../lib/platform/windows/untrusted-path.ts'

export interface TrustQuestion {
  readonly root: string
  /** Files of the project that are about to be read or run. */
  readonly files: readonly string[]
  /** True if the operator named this very folder with `--root`: that is consent to its owner. */
  readonly isNamed: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Refuses a project whose folder or files another user owns or may write, because its configuration is code that would run as this
 * user.
 * @throws {AutomateError} config-invalid – names the file, its owner or writer, `--root` and `AUTOMATE_TRUST`.
 */
export async function requireTrust(question: TrustQuestion): Promise<void> {
  const { root, files, env } = question
  if (isListed(root, env[TRUST_VARIABLE])) return
  const uid = process.geteuid?.()
  if (uid === undefined) return requireOwnAcl(question)
  const accounts = readAccounts()
  const trusted = { uids: trustedUids(uid, env), anyOwner: question.isNamed, accounts }
  const distrust = findUntrusted([root, ...files], trusted)
  if (distrust !== undefined) throw refusal(distrust, root, userText(accounts, uid), accounts)
}

/** Does the same by the owners and the access control lists of Windows. */
export async function requireOwnAcl(
  { root, files, isNamed }: Omit<TrustQuestion, 'env'>,
  access?: OwnerAccess,
): Promise<void> {
  const distrust = await findUntrustedPath([root, ...files.filter(existsSync)], isNamed, access)
  if (distrust !== undefined) throw aclRefusal(distrust, root)
}

function aclRefusal(distrust: PathDistrust, root: string): AutomateError {
  const { path, why } = distrust
  if (why === 'unreadable') return unreadable(path, root, UNREADABLE[distrust.what](path))
  if (why === 'owner') return foreignOwner(path, root, distrust.owner, distrust.user)
  const repair = `icacls ${privateArguments(root, distrust.user).map(quoted).join(' ')}`
  return untrusted(
    path,
    root,
    `${path} can be changed by ${distrust.writers.join(', ')}. ${REASON}`,
    `Run "${repair}"`,
  )
}

const UNREADABLE = {
  user: () => 'Windows does not report the account that automate-tui runs as.',
  owner: (path: string) => `Windows does not report the owner of ${path}.`,
  list: (path: string) => `Windows does not report who may change ${path}.`,
} as const

function unreadable(path: string, root: string, what: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${what} ${REASON} If nobody else can change the project, set ${TRUST_VARIABLE}=${root} in the environment.`,
    { facts: { path } },
  )
}

function refusal(distrust: Distrust, root: string, me: string, accounts: Accounts): AutomateError {
  const { path } = distrust
  if (distrust.why === 'owner') return foreignOwner(path, root, userText(accounts, distrust.uid), me)
  const mode = distrust.mode.toString(8).padStart(4, '0')
  return untrusted(
    path,
    root,
    `${path} can be written by other users (mode ${mode}). ${REASON}`,
    `Run "chmod go-w ${path}"`,
  )
}

function foreignOwner(path: string, root: string, owner: string, me: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${path} belongs to ${owner}, and automate-tui runs as ${me}. ${REASON} If you trust ${owner}, name the project with --root ${root}, or set ${TRUST_VARIABLE}=${root} in the environment.`,
    { facts: { path } },
  )
}

function untrusted(path: string, root: string, what: string, repair: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${what} ${repair}, set ${TRUST_VARIABLE}=${root} in the environment if you trust all of them, or name another project with --root <folder>.`,
    { facts: { path } },
  )
}

const REASON = 'Its configuration runs as you, so it is not loaded.'

const quoted = (text: string): string => (/[\s()*]/.test(text) ? `"${text}"` : text)
