import type { Catalogue } from '../en.ts'

/**
 * Returns why a message has not arrived: a code of the system in words, with the remedy. A text
 * from the other side stays unchanged.
 */
export function deliveryWords(why: string, { unreached }: Catalogue['notify']): string {
  const said = new Map<string, string>(Object.entries(unreached)).get(why)
  return said === undefined ? why : `${said} (${why})`
}
