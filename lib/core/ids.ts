import { randomBytes, randomUUID } from 'node:crypto'

/** A sortable, unique id: 9 characters of time (base 36), 10 of chance. Safe in file names on every system. */
export function newId(now: number): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-10)}`
}

export const newUuid = (): string => randomUUID()

/** A secret that both ends of a local connection prove: 256 bits, in hexadecimal. */
export const newToken = (): string => randomBytes(32).toString('hex')
