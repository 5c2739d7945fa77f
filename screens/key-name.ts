import type { Catalogue } from '../lib/locales/en.ts'

/** A key as a person calls it: `Ctrl+L`, `Enter`, `x`. */
export function keyName(key: string, { keyNames }: Catalogue): string {
  const names = new Map([...Object.entries(keyNames), ['S-tab', keyNames.shiftTab]])
  if (key.startsWith('C-')) return `${keyNames.control}+${key.slice(2).toUpperCase()}`
  return names.get(key) ?? key
}
