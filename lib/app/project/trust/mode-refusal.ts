import { realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { AutomateError } from '../../../core/errors/errors.ts'
import { isWithin } from '../../../core/process/paths.ts'
import { userText } from '../../../platform/trust/accounts.ts'
import type { Accounts } from '../../../platform/trust/accounts.ts'
import type { Distrust } from '../../../platform/trust/untrusted-file.ts'
import { foreignRefusal, isFolder, listed, quoted, runText, sharedRefusal } from './refusal.ts'

const STICKY = 0o1000

export interface UntrustedModes {
  readonly root: string
  /** Uid of the owner of the project's folder, whom `--root` trusts. */
  readonly owner: number | undefined
  /** Untrusted paths of the project. */
  readonly found: readonly Distrust[]
  /** Untrusted folders above these paths, and untrusted links on the way to them. */
  readonly above: readonly Distrust[]
  /** User that this process runs as. */
  readonly user: string
  readonly accounts: Accounts
}

/**
 * Returns the error that names all untrusted paths at once, with the commands that prevent other
 * users from writing to them.
 */
export function modeRefusal({ root, owner, found, above, user, accounts }: UntrustedModes): AutomateError {
  const [first = root] = [...found, ...above].map(({ path }) => path)
  const owners = found.flatMap(one => (one.why === 'owner' ? [one] : []))
  const belongs = owners.map(({ path, uid }) => `${path} belongs to ${userText(accounts, uid)}`)
  // Outermost paths first, because the message names only the first few.
  const shared = found.filter(isWritable).toSorted((a, b) => depthOf(a.path) - depthOf(b.path))
  const facts = [
    owners.length === 0 ? '' : `${listed(belongs)}, but automate-tui runs as ${user}.`,
    shared.length === 0 ? '' : `Other users can write ${listed(shared.map(withMode))}.`,
    above.length === 0 ? '' : replaceable(above, accounts),
  ]
  const what = facts.filter(text => text !== '').join(' ')
  const repair = repairOf(root, shared, above)
  if (owners.length === 0) return sharedRefusal(first, root, what, repair)
  const names = [...new Set(owners.map(({ uid }) => userText(accounts, uid)))].join(' and ')
  return foreignRefusal(first, root, {
    what,
    repair: repair === '' ? '' : `${repair}.`,
    owners: names,
    ownFolder: owners.every(({ uid }) => uid === owner),
  })
}

type Writable = Extract<Distrust, { why: 'writable' }>

const isWritable = (one: Distrust): one is Writable => one.why === 'writable'

const withMode = ({ path, mode }: Writable): string => `${path} (mode ${mode.toString(8).padStart(4, '0')})`

const depthOf = (path: string): number => path.split(sep).length

/**
 * Returns the sentence about the folders in which another user can rename the project and put
 * another one in its place.
 */
function replaceable(above: readonly Distrust[], accounts: Accounts): string {
  const texts = above.map(one =>
    isWritable(one) ? withMode(one) : `${one.path} (owned by ${userText(accounts, one.uid)})`,
  )
  return `Other users can replace this project by another one, because they can write ${listed(texts)}.`
}

/**
 * Returns the beginning of a sentence with the remedy. If the project is in a shared folder such as
 * `/tmp` or in a folder of another user, the only remedy is to move it.
 */
function repairOf(root: string, shared: readonly Writable[], above: readonly Distrust[]): string {
  const isPublic = shared.some(({ path, mode }) => path === root && (mode & STICKY) !== 0)
  if (isPublic || above.some(one => !isWritable(one))) return 'Move the project into a folder of your own'
  const meeting = shared.filter(one => isMeetingPlace(one, root)).map(({ path }) => placeOf(path, root))
  const closed = shared.map(({ path }) => path).filter(path => !meeting.includes(placeOf(path, root)))
  const commands = [
    chmodFor(closed, meeting, root),
    above.length === 0 ? '' : `chmod go-w ${above.map(({ path }) => quoted(path)).join(' ')}`,
  ].filter(command => command !== '')
  const run = commands.length === 0 ? '' : runText(commands)
  if (meeting.length === 0) return run
  const move = `Move the code of the project out of ${listed([...new Set(meeting)])} into a folder of your own`
  return run === '' ? move : `${run}. ${move}`
}

/**
 * True for a folder outside of the project in which every user can create files, such as `/tmp`. It
 * is among the paths because a link or the configuration leads to code in it.
 */
function isMeetingPlace({ path, mode }: Writable, root: string): boolean {
  return (mode & STICKY) !== 0 && isFolder(path) && !isWithin(root, placeOf(path, root))
}

/**
 * Returns the command that removes the write permission of other users. If several paths are below
 * the same folder, the command names the folder, unless the folder is one of `open`. A path behind
 * a link is named by its real path, because a recursive `chmod` does not follow links.
 */
function chmodFor(paths: readonly string[], open: readonly string[], root: string): string {
  if (paths.length === 0) return ''
  const places = paths.map(path => placeOf(path, root))
  const targets = [...new Set(places.map(place => wholeOf(place, places, [root, ...open])))]
  const wholes = targets.filter(target => isFolder(target) && (target !== root || targets.length > 1))
  const outer = targets.filter(target => wholes.every(whole => whole === target || !isWithin(whole, target)))
  const recursive = outer.some(target => wholes.includes(target)) ? '-R ' : ''
  return `chmod ${recursive}go-w ${outer.map(quoted).join(' ')}`
}

/**
 * Returns the parent folder of `path` if `paths` also contains that folder or another of its
 * entries, otherwise `path`. Never goes up from or to an entry of `never`.
 */
function wholeOf(path: string, paths: readonly string[], never: readonly string[]): string {
  const folder = dirname(path)
  if (never.includes(path) || never.includes(folder)) return path
  return paths.some(other => other !== path && [other, dirname(other)].includes(folder)) ? folder : path
}

/**
 * Returns the real path of `path`. If it is within the real path of `root`, it is returned as a
 * path below `root`.
 */
function placeOf(path: string, root: string): string {
  const [real, realRoot] = [realPath(path), realPath(root)]
  return isWithin(realRoot, real) ? join(root, relative(realRoot, real)) : real
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
