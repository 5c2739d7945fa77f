import { lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_FILES } from '../../config/config-files.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { readAccounts, userText } from '../../platform/trust/accounts.ts'
import { OWN_FOLDERS } from '../../platform/trust/own-paths.ts'
import { TRUST_VARIABLE, isListed } from '../../platform/trust/trusted-folders.ts'

const ROOT_UID = 0

/**
 * Refuses to let root write to the project of another user, for example through sudo, `su` or cron.
 * Root would own the new files, and that user could not write to them. Opening the store of a
 * project counts as a write, because the database creates files next to itself. A folder that does
 * not exist belongs to no user. A project also belongs to the user who owns its configuration,
 * `data` or `logs`, because any user can create these in a folder that root owns, such as `/tmp`.
 * @throws `environment-unfit` if the project belongs to another user.
 */
export function refuseRoot(root: string, env: Readonly<Record<string, string | undefined>>): void {
  if (process.geteuid?.() !== ROOT_UID || isListed(root, env[TRUST_VARIABLE])) return
  const paths = [root, ...[...CONFIG_FILES, ...OWN_FOLDERS].map(name => join(root, name))]
  const foreign = paths.flatMap(path => foreignOwner(path) ?? [])[0]
  if (foreign === undefined) return
  const { path, uid } = foreign
  const user = userText(readAccounts(), uid)
  const remedy =
    env['SUDO_UID'] === String(uid) ? 'Run the command without sudo' : 'Run the command as that user'
  throw new AutomateError(
    'environment-unfit',
    path === root
      ? `automate-tui runs as root in ${root}, which belongs to ${user}. Root would own its new files, and ${user} could not write them. ` +
          `${remedy}, or set ${TRUST_VARIABLE}=${root} in the environment if root shall own them.`
      : `automate-tui runs as root in the project ${root}, but ${path} belongs to ${user}. ` +
          `${remedy}, name another project with --root <folder>, or set ${TRUST_VARIABLE}=${root} in the environment if you trust ${user}.`,
    { facts: { path } },
  )
}

/**
 * Returns the path and the uid of its owner if that owner is not root. For a link, the owner of the
 * link or of its target. Returns undefined if root owns the path, or if it does not exist.
 */
function foreignOwner(path: string): { path: string; uid: number } | undefined {
  const uid = [lstatSync, statSync]
    .map(read => read(path, { throwIfNoEntry: false })?.uid)
    .find(one => one !== undefined && one !== ROOT_UID)
  return uid === undefined ? undefined : { path, uid }
}
