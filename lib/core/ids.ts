import { randomBytes, randomUUID } from 'node:crypto'

/**
 * Returns a unique id that sorts by time: 9 characters for `now` (base 36), then 10 random
 * characters. The id is safe in file names on every system.
 */
export function newId(now: number): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-10)}`
}

export const newUuid = (): string => randomUUID()

/** Returns a new, unique name for the `user-data-dir` of a Chrome. */
export const newProfileName = (): string => `chrome_${newUuid()}`

export const PROFILE_NAME = /^chrome_[0-9a-f-]{36}$/

/**
 * Returns the profile name for the `nth` Chrome of a worker, counted from 1. The name is derived
 * from the name of the first profile, so that all profiles of a worker can be found from the first
 * one.
 */
export const nthProfileName = (first: string, nth: number): string => (nth === 1 ? first : `${first}_${nth}`)

/** Returns the name of the first profile of the worker to which the profile `name` belongs. */
export const firstProfileName = (name: string): string => name.replace(/_\d+$/, '')

/**
 * Name of the file in a profile that contains the ProcessIdentity of the process that owns the
 * profile.
 */
export const PROFILE_OWNER = 'automate-tui-owner.json'

/**
 * Returns a random token of 256 bits, in hexadecimal. Both ends of a local connection prove that
 * they know the token.
 */
export const newToken = (): string => randomBytes(32).toString('hex')
