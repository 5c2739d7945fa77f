import { statSync } from 'node:fs'
import { AutomateError } from '../lib/core/errors.ts'
import { readAccounts, userText } from '../lib/platform/trust/accounts.ts'
import { TRUST_VARIABLE, isListed } from '../lib/platform/trust/trusted-folders.ts'

const ROOT_UID = 0

/**
 * Refuses to let root write into the project of another user, by sudo, `su` or cron: root would own the new files, and that user could not write
 * them. To open the store of a project is to write, because the database gets files beside it. A folder that does not exist belongs to no user.
 * @throws {AutomateError} environment-unfit
 */
export function refuseRoot(root: string, env: Readonly<Record<string, string | undefined>>): void {
  if (process.geteuid?.() !== ROOT_UID || isListed(root, env[TRUST_VARIABLE])) return
  const uid = statSync(root, { throwIfNoEntry: false })?.uid
  if (uid === undefined || uid === ROOT_UID) return
  const user = userText(readAccounts(), uid)
  const remedy = env['SUDO_UID'] === String(uid) ? 'Run it without sudo' : 'Run it as that user'
  throw new AutomateError(
    'environment-unfit',
    `automate-tui runs as root in ${root}, which belongs to ${user}. Its files would belong to root, and ${user} could not write them. ` +
      `${remedy}, or set ${TRUST_VARIABLE}=${root} in the environment if root is meant to own them.`,
    { facts: { path: root } },
  )
}
