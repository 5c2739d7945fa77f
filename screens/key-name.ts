import type { Catalogue } from '../lib/locales/en.ts'

/** Returns the name of a key for people: `Ctrl+L`, `Alt+Backspace`, `Enter`, `x`. */
export function keyName(key: string, { keyNames }: Catalogue): string {
  const names = new Map([...Object.entries(keyNames), ['S-tab', keyNames.shiftTab]])
  const known = names.get(key)
  if (known !== undefined) return known
  const [, modifier, rest = ''] = /^(C|M)-(.+)$/su.exec(key) ?? []
  if (modifier === undefined) return key
  const held = modifier === 'C' ? keyNames.control : keyNames.alt
  return `${held}+${names.get(rest) ?? rest.toUpperCase()}`
}
