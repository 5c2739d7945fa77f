import type { Catalogue } from '../en.ts'

/** Empty values as JSON, which say nothing to people. */
const EMPTY = ['""', '[]', '{}']

/**
 * Returns the value of a setting for people, as JSON as it is written in the configuration file.
 * For an empty value, returns a text about its meaning.
 */
export function settingText(
  setting: string,
  json: string,
  { unset }: Pick<Catalogue['commands'], 'unset'>,
): string {
  if (!EMPTY.includes(json)) return json
  return setting === 'browser' || setting === 'language' ? unset[setting] : unset.none
}
