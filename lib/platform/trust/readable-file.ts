import { statSync } from 'node:fs'
import { isPrivateGroup, readAccounts } from './accounts.ts'
import { TRUST_VARIABLE, isListed } from './trusted-folders.ts'

const GROUP_READ = 0o040
const OTHERS_READ = 0o004

/**
 * Returns true if users may read a file of this user to whom it was not given: all users, or those of a group in which there are others. In a project
 * `root` that `AUTOMATE_TRUST` lists, such as that of a team, the group may. A file of another user is for that one to close.
 */
export function canOthersRead(path: string, root: string): boolean {
  const { uid, gid, mode } = statSync(path)
  if (uid !== process.geteuid?.()) return false
  if ((mode & OTHERS_READ) !== 0) return true
  return (
    (mode & GROUP_READ) !== 0 &&
    !isPrivateGroup(readAccounts(), gid, uid) &&
    !isListed(root, process.env[TRUST_VARIABLE])
  )
}
