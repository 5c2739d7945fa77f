import { join } from 'node:path'
import type { AutomateError } from '../../../core/errors/errors.ts'
import { isWithin } from '../../../core/process/paths.ts'
import { TRUST_VARIABLE } from '../../../platform/trust/trusted-folders.ts'
import { privateArguments, resetArguments } from '../../../platform/windows/read-acl.ts'
import type { PathDistrust } from '../../../platform/windows/untrusted-path.ts'
import {
  REASON,
  foreignRefusal,
  isFolder,
  listed,
  quoted,
  runText,
  sharedRefusal,
  trustRefusal,
} from './refusal.ts'

/**
 * Returns the error that names all untrusted paths at once, with the Windows commands that prevent
 * other users from changing them.
 */
export function aclRefusal(found: readonly PathDistrust[], root: string): AutomateError {
  const [first = root] = found.map(({ path }) => path)
  const unreadable = found.find(one => one.why === 'unreadable')
  if (unreadable !== undefined) return unreadableRefusal(unreadable.path, root, UNREADABLE[unreadable.what])
  const owned = found.flatMap(one => (one.why === 'owner' ? [one] : []))
  const shared = found.flatMap(one => (one.why === 'writers' ? [one] : []))
  const belongs = owned.map(({ path, owner }) => `${path} belongs to ${owner}`)
  const writable = shared.map(({ path, writers }) => `${path} can be changed by ${writers.join(', ')}`)
  const facts = [
    owned.length === 0 ? '' : `${listed(belongs)}, but automate-tui runs as ${owned[0]?.user ?? ''}.`,
    shared.length === 0 ? '' : `${listed(writable)}.`,
  ]
  const what = facts.filter(text => text !== '').join(' ')
  const repair = shared.length === 0 ? '' : runText(commandsFor(shared, root))
  if (owned.length === 0) return sharedRefusal(first, root, what, repair)
  const owners = [...new Set(owned.map(({ owner }) => owner))].join(' and ')
  return foreignRefusal(first, root, {
    what,
    repair: repair === '' ? '' : `${repair}.`,
    owners,
    ownFolder: owned.some(({ path }) => path === root),
  })
}

type Writers = Extract<PathDistrust, { why: 'writers' }>

/**
 * Returns the commands that remove the access of other users to the paths. Paths in the project
 * then inherit only the access control entries of the project.
 */
function commandsFor(shared: readonly Writers[], root: string): string[] {
  const whole = shared.find(({ path }) => path === root)
  const others = shared.filter(({ path }) => whole === undefined || !isWithin(root, path))
  const argumentLists = others.map(({ path, user }) => privateArguments(path, user, isFolder(path)))
  const ofRoot =
    whole === undefined ? [] : [privateArguments(root, whole.user, true), resetArguments(join(root, '*'))]
  return [...ofRoot, ...argumentLists].map(list => `icacls ${list.map(quoted).join(' ')}`)
}

const UNREADABLE = {
  user: () => 'Windows does not report the account that automate-tui runs as.',
  owner: (path: string) => `Windows does not report the owner of ${path}.`,
  list: (path: string) => `Windows does not report who may change ${path}.`,
} as const

function unreadableRefusal(path: string, root: string, what: (path: string) => string): AutomateError {
  return trustRefusal(
    path,
    `${what(path)} ${REASON} If no other user can change the project, set ${TRUST_VARIABLE}=${root} in the environment.`,
  )
}
