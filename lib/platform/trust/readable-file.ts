import { statSync } from 'node:fs'
import { isPrivateGroup, readAccounts } from './accounts.ts'
import { TRUST_VARIABLE, isListed } from './trusted-folders.ts'

const GROUP_READ = 0o040
const OTHERS_READ = 0o004

/**
 * True if unintended users may read a file of this user: all users, or those of a group with other
 * members. In a project `root` listed in `AUTOMATE_TRUST`, such as a team's, the group may read the
 * file. Another user's file is that user's responsibility.
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
