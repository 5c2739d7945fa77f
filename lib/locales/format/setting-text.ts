import type { Catalogue } from '../en.ts'

/** Values that say nothing by themselves, as JSON. */
const EMPTY = ['""', '[]', '{}']

/** The value of a setting for people: JSON, as in the file; what is left empty is said in words, by what that means. */
export function settingText(
  setting: string,
  json: string,
  { unset }: Pick<Catalogue['commands'], 'unset'>,
): string {
  if (!EMPTY.includes(json)) return json
  return setting === 'browser' || setting === 'language' ? unset[setting] : unset.none
}
