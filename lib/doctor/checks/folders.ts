import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { danglingTarget } from '../../core/disk/dangling-link.ts'
import { findForeignLink } from '../../core/disk/foreign-link.ts'
import { tryWriting } from '../../core/disk/try-writing.ts'
import { messageOf, systemCode } from '../../core/errors/errors.ts'
import { isKeyOpen, keyFault, userKeyPath } from '../../files/user-key.ts'
import { canOthersRead } from '../../platform/trust/readable-file.ts'
import { closeFolders, exposedFolders } from '../../platform/windows/exposed-folders.ts'
import { currentSid, privateArguments } from '../../platform/windows/read-acl.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check, DoctorWorld, Finding } from '../check.ts'

const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600
const OF_OTHERS = 0o077

/**
 * Codes of errors that mean that the folder belongs to another user. Any other error is a fault of
 * the disk.
 */
const FORBIDDEN = new Set(['EACCES', 'EPERM'])

/** Top-level folders of a project's files. All other files are inside these folders. */
const FOLDERS = ['data', 'logs'] as const

/**
 * Checks that the project's folders are writable, and that only the user can read them, the files
 * with secrets and the key of saved logins. On Windows, also checks that only the user can change
 * the project.
 */
export const foldersCheck: Check = {
  id: 'folders',
  ofProject: true,
  async run(world) {
    const {
      words: { folders },
      project,
      fix,
    } = world
    const root = project?.root ?? ''
    for (const folder of FOLDERS.map(name => join(root, name))) {
      const target = danglingTarget(folder)
      if (target !== undefined) return problem(folders.dangling(folder, target), folders.danglingRemedy)
      const link = findForeignLink(folder)
      if (link !== undefined)
        return problem(folders.foreign(link.path, link.uid), folders.foreignRemedy(link.path))
    }
    const there = FOLDERS.map(name => join(root, name)).filter(existsSync)
    for (const folder of [root, ...there]) {
      try {
        accessSync(folder, constants.W_OK | constants.R_OK)
        // In a project that has not run yet, a check must not create the missing folders.
        if (folder !== root || there.length === 0) await tryWriting(folder)
      } catch (error) {
        const isForbidden = FORBIDDEN.has(systemCode(error) ?? '')
        const remedy = isForbidden ? folders.unwritableRemedy(userName()) : folders.diskRemedy
        return problem(folders.unwritable(folder, messageOf(error)), remedy)
      }
    }
    const secretFiles = project?.secretFiles.filter(existsSync) ?? []
    if (process.platform === 'win32') return checkLists(root, secretFiles, world)
    const open = there.filter(isOpen)
    const key = userKeyPath()
    const fault = keyFault(key)
    if (fault !== undefined) {
      // Root must not take over the folder, because that would lock out the user to whom it
      // belongs.
      const remedy =
        process.geteuid?.() === 0
          ? folders.rootKeyRemedy
          : folders.unusableKeyRemedy(userName(), dirname(key))
      return problem(folders.unusableKey(key, fault), remedy)
    }
    const openKey = isKeyOpen(key) ? [key] : []
    const openFiles = secretFiles.filter(
      file => findForeignLink(file) === undefined && canOthersRead(file, root),
    )
    const all = [...open, ...openKey, ...openFiles]
    if (all.length === 0) return ok(folders.good)
    if (fix) {
      for (const folder of open) chmodSync(folder, PRIVATE_FOLDER)
      for (const file of [...openKey, ...openFiles]) chmodSync(file, PRIVATE_FILE)
      return ok(folders.good, folders.closed(all.join(', ')))
    }
    const groups = [
      [open, folders.open, folders.openRemedy],
      [openFiles, folders.openFiles, folders.openFilesRemedy],
      [openKey, folders.openKey, folders.openKeyRemedy],
    ] as const
    const found = groups.filter(([paths]) => paths.length > 0)
    return warning(
      found.map(([paths, message]) => message(paths.join(', '))).join('\n'),
      found.map(([paths, , remedy]) => remedy(paths.join(' '))).join(' '),
    )
  },
}

/** Checks the access control lists on Windows, where file modes have no meaning. */
async function checkLists(
  root: string,
  secretFiles: readonly string[],
  { words: { folders }, fix }: DoctorWorld,
): Promise<Finding> {
  const exposed = await exposedFolders(root, secretFiles)
  const left = fix ? await closeFolders(exposed) : exposed
  const [first] = left
  if (first === undefined) {
    const closed = exposed.map(({ path }) => path).join(', ')
    return closed === '' ? ok(folders.good) : ok(folders.good, folders.closed(closed))
  }
  const accounts = first.accounts.join(', ')
  if (first.right === 'read') return warning(folders.readable(first.path, accounts), folders.closeRemedy)
  const command = `icacls ${privateArguments(`"${root}"`, (await currentSid()) ?? '').join(' ')}`
  return warning(folders.changeable(root, accounts), folders.rootRemedy(command))
}

const isOpen = (folder: string): boolean => (statSync(folder).mode & OF_OTHERS) !== 0

/**
 * Returns the user's name, or the user id if the user has no entry in `passwd`, as in a container
 * that runs with `--user 54321`.
 */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}
