import { existsSync } from 'node:fs'
import { AutomateError } from '../lib/core/errors.ts'
import { readAccounts, userText } from '../lib/platform/trust/accounts.ts'
import type { Accounts } from '../lib/platform/trust/accounts.ts'
import { TRUST_VARIABLE, isListed } from '../lib/platform/trust/trusted-folders.ts'
import { findUntrusted, trustedUids } from '../lib/platform/trust/untrusted-file.ts'
import type { Distrust } from '../lib/platform/trust/untrusted-file.ts'
import { othersThatWrite } from '../lib/platform/windows/acl.ts'
import { currentSid, privateArguments, readAcl } from '../lib/platform/windows/read-acl.ts'

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
  if (uid === undefined) return requireOwnAcl(root, files)
  const accounts = readAccounts()
  const trusted = { uids: trustedUids(uid, env), anyOwner: question.isNamed, accounts }
  const distrust = findUntrusted([root, ...files], trusted)
  if (distrust !== undefined) throw refusal(distrust, root, userText(accounts, uid), accounts)
}

async function requireOwnAcl(root: string, files: readonly string[]): Promise<void> {
  const user = await currentSid()
  // A user that Windows does not name has no own entry to compare with.
  if (user === undefined) return
  const paths = [root, ...files.filter(existsSync)]
  const lists = await Promise.all(paths.map(path => readAcl(path)))
  for (const [index, path] of paths.entries()) {
    const writers = othersThatWrite(lists[index] ?? [], user)
    if (writers.length === 0) continue
    const repair = `icacls ${privateArguments(root, user).map(quoted).join(' ')}`
    throw untrusted(
      path,
      root,
      `${path} can be changed by ${writers.join(', ')}. ${REASON}`,
      `Run "${repair}"`,
    )
  }
}

function refusal(distrust: Distrust, root: string, me: string, accounts: Accounts): AutomateError {
  const { path } = distrust
  if (distrust.why === 'owner') {
    const owner = userText(accounts, distrust.uid)
    return new AutomateError(
      'config-invalid',
      `${path} belongs to ${owner}, and automate-tui runs as ${me}. ${REASON} If you trust ${owner}, name the project with --root ${root}, or set ${TRUST_VARIABLE}=${root} in the environment.`,
      { facts: { path } },
    )
  }
  const mode = distrust.mode.toString(8).padStart(4, '0')
  return untrusted(
    path,
    root,
    `${path} can be written by other users (mode ${mode}). ${REASON}`,
    `Run "chmod go-w ${path}"`,
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
