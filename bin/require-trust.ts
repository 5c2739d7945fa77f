import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AutomateError } from '../lib/core/errors.ts'
import { readAccounts, userText } from '../lib/platform/trust/accounts.ts'
import type { Accounts } from '../lib/platform/trust/accounts.ts'
import { TRUST_VARIABLE, isListed } from '../lib/platform/trust/trusted-folders.ts'
import { findUntrusted, findUntrustedAbove, trustedUids } from '../lib/platform/trust/untrusted-file.ts'
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
 * Refuses a project whose folder or files another user owns or may write, or may replace in a folder above, because its configuration
 * and workflows are code that would run as this user.
 * @throws {AutomateError} config-invalid – names the files, their owners or modes, `--root` and `AUTOMATE_TRUST`.
 */
export async function requireTrust(question: TrustQuestion): Promise<void> {
  const { root, env } = question
  if (process.geteuid !== undefined) requireTrustedModes(question)
  else if (!isListed(root, env[TRUST_VARIABLE])) await requireOwnAcl(question)
}

/**
 * Does the same at once, by owners and modes alone; nothing on Windows, which has none.
 * @throws {AutomateError} config-invalid – as `requireTrust`.
 */
export function requireTrustedModes(question: TrustQuestion): void {
  const { root, files, env } = question
  const uid = process.geteuid?.()
  if (uid === undefined || isListed(root, env[TRUST_VARIABLE])) return
  const accounts = readAccounts()
  const trusted = { uids: trustedUids(uid, env), anyOwner: question.isNamed, accounts }
  const found = findUntrusted([root, ...files], trusted)
  if (found.length > 0) throw refusal(found, root, userText(accounts, uid), accounts)
  const owner = statSync(root, { throwIfNoEntry: false })?.uid
  const uids = question.isNamed && owner !== undefined ? new Set([...trusted.uids, owner]) : trusted.uids
  const above = findUntrustedAbove([root, ...files], { ...trusted, uids })
  if (above.length > 0) throw replaceable(above, root, accounts)
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
  if (why === 'owner') {
    const what = `${path} belongs to ${distrust.owner}, and automate-tui runs as ${distrust.user}.`
    return foreignOwner(path, root, what, distrust.owner)
  }
  const repair = `icacls ${privateArguments(path.startsWith(root) ? root : path, distrust.user)
    .map(quoted)
    .join(' ')}`
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

/** Names all files at once, so that one repair is enough. */
function refusal(found: readonly Distrust[], root: string, me: string, accounts: Accounts): AutomateError {
  const shared = found.flatMap(one => (one.why === 'writable' ? [one] : []))
  const owners = found.flatMap(one => (one.why === 'owner' ? [one] : []))
  const who = [...new Set(owners.map(({ uid }) => userText(accounts, uid)))].join(' and ')
  const belongs = owners.map(({ path, uid }) => `${path} belongs to ${userText(accounts, uid)}`).join(', ')
  const modes = shared.map(({ path, mode }) => `${path} (mode ${mode.toString(8).padStart(4, '0')})`)
  const repair = `Run "${chmodFor(
    shared.map(({ path }) => path),
    root,
  )}"`
  const [first = root] = found.map(({ path }) => path)
  if (owners.length === 0) {
    return untrusted(first, root, `Other users can write ${modes.join(', ')}. ${REASON}`, repair)
  }
  const others = shared.length === 0 ? '' : ` Other users can write ${modes.join(', ')}. ${repair}.`
  return foreignOwner(first, root, `${belongs}, and automate-tui runs as ${me}.${others}`, who)
}

/** Another user can rename the project and put another one in its place. */
function replaceable(above: readonly Distrust[], root: string, accounts: Accounts): AutomateError {
  const shared = above.flatMap(one => (one.why === 'writable' ? [one.path] : []))
  const texts = above.map(one =>
    one.why === 'writable'
      ? `${one.path} (mode ${one.mode.toString(8).padStart(4, '0')})`
      : `${one.path} (owned by ${userText(accounts, one.uid)})`,
  )
  const repair =
    shared.length === above.length
      ? `Run "chmod go-w ${shared.map(quoted).join(' ')}"`
      : 'Move the project into a folder of your own'
  const [{ path } = { path: root }] = above
  const what = `Other users can put another project in the place of this one, because they can write ${texts.join(', ')}.`
  return untrusted(path, root, `${what} ${REASON}`, repair)
}

/** Returns the command that takes the right to write from others: of several files of a folder it takes the folder. */
function chmodFor(paths: readonly string[], root: string): string {
  const isSingle = (path: string) =>
    path === root ||
    dirname(path) === root ||
    !paths.some(other => other !== path && [other, dirname(other)].includes(dirname(path)))
  const targets = new Set(paths.map(path => (isSingle(path) ? path : dirname(path))))
  const recursive = targets.size < paths.length ? '-R ' : ''
  return `chmod ${recursive}go-w ${[...targets].map(quoted).join(' ')}`
}

function foreignOwner(path: string, root: string, what: string, owner: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${what} ${REASON} If you trust ${owner}, name the project with --root ${root}, or set ${TRUST_VARIABLE}=${root} in the environment.`,
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

const REASON = 'The code of a project runs as you, so the project is not loaded.'

const quoted = (text: string): string => (/[\s()*]/.test(text) ? `"${text}"` : text)
