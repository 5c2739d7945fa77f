import { readFileSync } from 'node:fs'

const ROOT_NAME = 'root'

interface User {
  readonly name: string
  readonly uid: number
  /** Id of the primary group. */
  readonly gid: number
}

interface Group {
  readonly gid: number
  readonly members: readonly string[]
}

/** Users and groups of this machine. */
export interface Accounts {
  readonly users: readonly User[]
  readonly groups: readonly Group[]
}

/**
 * Reads the users and groups in `/etc/passwd` and `/etc/group`. Accounts of a directory service
 * (LDAP) are not included, because reading them would take a child process for each command.
 */
export function readAccounts(): Accounts {
  return parseAccounts(textOf('/etc/passwd'), textOf('/etc/group'))
}

/** Parses the contents of the `passwd` and `group` files, ignoring invalid lines. */
export function parseAccounts(passwd: string, group: string): Accounts {
  return {
    users: entriesOf(passwd).flatMap(([name = '', , uid, gid]) =>
      uid === undefined || gid === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }],
    ),
    groups: entriesOf(group).flatMap(([, , gid, members = '']) =>
      gid === undefined
        ? []
        : [{ gid: Number(gid), members: members.split(',').filter(name => name !== '') }],
    ),
  }
}

/**
 * True if no user other than `uid` and root can be in the group. This is the user-private group of
 * Debian, Fedora and others, where the umask 002 makes every file group-writable. If the user has
 * no entry in `passwd`, as in a container with `--user 1000:1000`, only the group with the same
 * number as the user counts as private.
 */
export function isPrivateGroup({ users, groups }: Accounts, gid: number, uid: number): boolean {
  const user = users.find(one => one.uid === uid)
  if ((user?.gid ?? uid) !== gid) return false
  if (users.some(one => one.gid === gid && one.uid !== uid)) return false
  const members = groups.filter(one => one.gid === gid).flatMap(one => one.members)
  return members.every(name => name === user?.name || name === ROOT_NAME)
}

/**
 * Returns the name and the uid of a user, as `ada (uid 1000)`, or `uid 1000` if the user has no
 * entry.
 */
export function userText({ users }: Accounts, uid: number): string {
  const user = users.find(one => one.uid === uid)
  return user === undefined ? `uid ${uid}` : `${user.name} (uid ${uid})`
}

const entriesOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.trim().split(':'))

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // A container image without these files has no other users.
    return ''
  }
}
