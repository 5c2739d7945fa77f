import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../core/disk/make-folder.ts'
import { nearestFolder } from '../core/disk/nearest-folder.ts'
import { publishFile, writeAll } from '../core/disk/whole-file.ts'
import { AutomateError, isAutomateError, messageOf, systemCode } from '../core/errors/errors.ts'
import { dataDir } from '../core/process/app-dirs.ts'

const KEY_BYTES = 32
const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600
const OTHERS_ACCESS = 0o077
const ROOT_UID = 0

/** Returns the path of the file with this user's key for saved logins. */
export function userKeyPath(folder: string = dataDir()): string {
  return join(folder, 'sessions.key')
}

/**
 * True if other users may read or write this user's key, and could therefore decrypt the logins
 * that it seals. False if there is no key, or if another user owns it. Also false on Windows, where
 * other users have no access to a user's folder.
 */
export function isKeyOpen(path: string): boolean {
  const uid = process.geteuid?.()
  const stats = statSync(path, { throwIfNoEntry: false })
  return uid !== undefined && stats?.uid === uid && (stats.mode & OTHERS_ACCESS) !== 0
}

/**
 * Returns the reason why this user's key cannot be read; undefined if it can be read, or if there
 * is no key yet. Changes nothing.
 */
export function keyFault(path: string): string | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      refuseForeign(file)
    } finally {
      closeSync(file)
    }
    return undefined
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : messageOf(error)
  }
}

/**
 * Returns the key that seals this user's logins. Creates the key if there is none, and removes the
 * permissions of other users from it.
 * @throws `environment-unfit` if the key cannot be read or created, belongs to another user, or is
 * invalid, or if root would create it in the folder of another user. The message names the file.
 */
export function userKey(folder: string = dataDir()): Buffer {
  const path = userKeyPath(folder)
  try {
    const key = readIfExists(path) ?? makeKey(path)
    if (key.length === KEY_BYTES) return key
  } catch (error) {
    if (isAutomateError(error)) throw error
    throw new AutomateError(
      'environment-unfit',
      `The key for saved logins ${path} cannot be used: ${messageOf(error)}. Give your user the right to read and write its folder.`,
      { facts: { path }, cause: error },
    )
  }
  throw new AutomateError(
    'environment-unfit',
    `${path} is not a key of automate-tui. Delete the file: automate-tui then creates a new key, and every account logs in again.`,
    { facts: { path } },
  )
}

function readIfExists(path: string): Buffer | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    closeToOthers(file)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Removes the permissions of other users from the user's own key. The mode of a key that root owns,
 * for example one that is mounted into a container, is not changed, because the key is as safe as
 * the machine.
 */
function closeToOthers(file: number): void {
  const uid = process.geteuid?.()
  if (uid === undefined) return
  const stats = refuseForeign(file)
  if (stats.uid === uid && (stats.mode & OTHERS_ACCESS) !== 0) fchmodSync(file, PRIVATE_FILE)
}

/**
 * Returns the file status of the opened key. A key that root owns is accepted.
 * @throws an error if another user owns the key.
 */
function refuseForeign(file: number): Stats {
  const stats = fstatSync(file)
  const uid = process.geteuid?.()
  if (uid !== undefined && stats.uid !== uid && stats.uid !== ROOT_UID)
    throw new Error(`it belongs to another user (uid ${stats.uid})`)
  return stats
}

/**
 * Refuses to let root create a key in the folder of another user, which happens with a sudo that
 * preserves HOME. That user could read neither the folder nor the key.
 * @throws `environment-unfit` if another user owns the folder.
 */
function refuseRoot(folder: string): void {
  if (process.geteuid?.() !== ROOT_UID) return
  const { uid } = statSync(nearestFolder(folder))
  if (uid !== ROOT_UID)
    throw new AutomateError(
      'environment-unfit',
      `Root creates no key for saved logins in ${folder}, because the folder belongs to another user (uid ${uid}), who could not read the key. ` +
        `Set HOME to root's own folder, as "sudo -H" does, or run automate-tui as that user.`,
      { facts: { folder, uid } },
    )
}

/**
 * Creates the key and returns it, or returns the key that another worker created at the same time.
 * The key is synced to the disk before any login is sealed with it.
 */
function makeKey(path: string): Buffer {
  refuseRoot(dirname(path))
  makeFolder(dirname(path), PRIVATE_FOLDER)
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = openSync(temporary, 'wx', PRIVATE_FILE)
  try {
    try {
      writeAll(file, randomBytes(KEY_BYTES))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    publishFile(temporary, path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  return readFileSync(path)
}
