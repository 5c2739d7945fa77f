import { statSync } from 'node:fs'
import { isPrivateGroup, readAccounts } from './accounts.ts'
import { TRUST_VARIABLE, isListed } from './trusted-folders.ts'

const GROUP_READ = 0o040
const OTHERS_READ = 0o004

/**
 * True if a file of this user can be read by users for whom it is not meant: by all users, or by a
 * group with other members. If `AUTOMATE_TRUST` lists the project folder `root`, such as the folder
 * of a team, the group may read the file. False for a file that another user owns, because that
 * user is responsible for it.
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
