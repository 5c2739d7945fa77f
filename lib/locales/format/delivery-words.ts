import type { Catalogue } from '../en.ts'

/**
 * Returns why a message has not arrived. An error code of the operating system becomes a text with
 * the remedy, followed by the code. A text from the server is returned unchanged.
 */
export function deliveryWords(why: string, { unreached }: Catalogue['notify']): string {
  const said = new Map<string, string>(Object.entries(unreached)).get(why)
  return said === undefined ? why : `${said} (${why})`
}
