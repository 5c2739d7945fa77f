import type { Catalogue } from '../en.ts'

/** Why a message has not arrived: a code of the system in words, with what to look at. What the other side said stays as it is. */
export function deliveryWords(why: string, { unreached }: Catalogue['notify']): string {
  const said = new Map<string, string>(Object.entries(unreached)).get(why)
  return said === undefined ? why : `${said} (${why})`
}
