import type { Catalogue } from '../en.ts'

/** Values as JSON that are uninformative. */
const EMPTY = ['""', '[]', '{}']

/**
 * Returns the value of a setting for people, as JSON like in the file. An empty value becomes its
 * meaning in words.
 */
export function settingText(
  setting: string,
  json: string,
  { unset }: Pick<Catalogue['commands'], 'unset'>,
): string {
  if (!EMPTY.includes(json)) return json
  return setting === 'browser' || setting === 'language' ? unset[setting] : unset.none
}
