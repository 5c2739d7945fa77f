import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { publishFile, writeAll } from '../core/disk/whole-file.ts'
import { AutomateError, messageOf, systemCode } from '../core/errors.ts'
import { userDataFolder } from '../core/user-folders.ts'

const KEY_BYTES = 32
const PRIVATE_FOLDER = 0o700
const PRIVATE_FILE = 0o600

/**
 * The key of this user for what is private to them, made when it is first asked for.
 * Thrown with code `environment-unfit` when it cannot be read or made, or is no key: the message names the file.
 */
export function userKey(folder: string = userDataFolder()): Buffer {
  const path = join(folder, 'sessions.key')
  try {
    const key = readIfExists(path) ?? makeKey(path)
    if (key.length === KEY_BYTES) return key
  } catch (error) {
    throw new AutomateError(
      'environment-unfit',
      `The key for saved logins ${path} cannot be used: ${messageOf(error)}. Make its folder yours to read and write.`,
      { facts: { path }, cause: error },
    )
  }
  throw new AutomateError(
    'environment-unfit',
    `${path} is no key of automate-tui. Delete it: a new one is made, and every account logs in anew.`,
    { facts: { path } },
  )
}

function readIfExists(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Makes the key, or reads the one that another worker made in the same moment. The key is synced before a login is sealed with it. */
function makeKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
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
