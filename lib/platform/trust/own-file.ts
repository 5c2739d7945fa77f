import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { AutomateError } from '../../core/errors/errors.ts'
import { hasAccessList } from './access-list.ts'
import { isPrivateGroup, readAccounts, userText } from './accounts.ts'
import { TRUST_VARIABLE, isListed } from './trusted-folders.ts'

const GROUP_WRITE = 0o020
const OTHERS_WRITE = 0o002

/**
 * Reads a text file that another process of this user wrote, after checking its owner and mode. The
 * check is made on the opened file, because another user with write access to the folder could
 * replace the file between a check and the reading. On Windows, which has no such owners and modes,
 * the file is not checked. It is not checked either if `AUTOMATE_TRUST` lists the project folder
 * `root`.
 * @throws `config-invalid` if another user owns the file or may write to it.
 * @throws The system's error if the file cannot be read or is a link.
 */
export function readOwnFile(path: string, root: string): string {
  const uid = process.geteuid?.()
  if (uid === undefined) return readFileSync(path, 'utf8')
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const problem = problemOf(path, fstatSync(file), uid)
    if (problem === undefined || isListed(root, process.env[TRUST_VARIABLE]))
      return readFileSync(file, 'utf8')
    throw new AutomateError(
      'config-invalid',
      `${path} ${problem}, but a worker runs only files of its own user. Remove the file, then run "automate-tui doctor" to see who can write the project.`,
      { facts: { path } },
    )
  } finally {
    closeSync(file)
  }
}

function problemOf(path: string, { uid: owner, gid, mode }: Stats, uid: number): string | undefined {
  if (owner !== uid) return `belongs to ${userText(readAccounts(), owner)}`
  const isShared =
    (mode & OTHERS_WRITE) !== 0 ||
    ((mode & GROUP_WRITE) !== 0 && (hasAccessList(path) || !isPrivateGroup(readAccounts(), gid, uid)))
  return isShared ? 'can be written by other users' : undefined
}
