import { randomBytes, randomUUID } from 'node:crypto'

/**
 * Returns a sortable, unique id: 9 characters of time (base 36), 10 of chance. Safe in file names
 * on every system.
 */
export function newId(now: number): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-10)}`
}

export const newUuid = (): string => randomUUID()

/** Returns a new name for a Chrome's `user-data-dir`, which no other Chrome ever has. */
export const newProfileName = (): string => `chrome_${newUuid()}`

export const PROFILE_NAME = /^chrome_[0-9a-f-]{36}$/

/**
 * Returns the name for a worker's `nth` Chrome, from 1. The name of the first one finds all others.
 */
export const nthProfileName = (first: string, nth: number): string => (nth === 1 ? first : `${first}_${nth}`)

/** Returns the name of the first profile of the worker that a profile belongs to. */
export const firstProfileName = (name: string): string => name.replace(/_\d+$/, '')

/** File in a profile with the ProcessIdentity of the process that it belongs to. */
export const PROFILE_OWNER = 'automate-tui-owner.json'

/** Returns a secret that both ends of a local connection prove: 256 bits, in hexadecimal. */
export const newToken = (): string => randomBytes(32).toString('hex')
