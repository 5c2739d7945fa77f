import { randomBytes, randomUUID } from 'node:crypto'

/** A sortable, unique id: 9 characters of time (base 36), 10 of chance. Safe in file names on every system. */
export function newId(now: number): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-10)}`
}

export const newUuid = (): string => randomUUID()

/** The name of a Chrome's `user-data-dir`: no other Chrome ever has it. */
export const newProfileName = (): string => `chrome_${newUuid()}`

export const PROFILE_NAME = /^chrome_[0-9a-f-]{36}$/

/** The name for a worker's `nth` Chrome, from 1: all of them are found by the first one's. */
export const nthProfileName = (first: string, nth: number): string => (nth === 1 ? first : `${first}_${nth}`)

/** The name of the first Chrome's profile of the worker whose this one is. */
export const firstProfileName = (name: string): string => name.replace(/_\d+$/, '')

/** The file in a profile that says which process's it is: a ProcessIdentity. */
export const PROFILE_OWNER = 'automate-tui-owner.json'

/** A secret that both ends of a local connection prove: 256 bits, in hexadecimal. */
export const newToken = (): string => randomBytes(32).toString('hex')
