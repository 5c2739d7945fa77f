import { sanitiseLine } from '../lib/core/text/sanitise.ts'

/** A line that is being typed; the cursor stands before the character of its number. */
export interface Line {
  readonly characters: readonly string[]
  readonly cursor: number
}

/** Longer than anybody types, and long enough for most values of a table; short enough to be gone through at every key. */
export const LONGEST_LINE = 4_000

export const NO_TEXT: Line = { characters: [], cursor: 0 }

export const textOf = ({ characters }: Line): string => characters.join('')

/** A line with this text and the cursor behind it. */
export const lineOf = (text: string): Line => inserted(NO_TEXT, text)

/** The line with a text put in at the cursor; what does not fit is left out, and what a terminal would obey is made visible. */
export function inserted({ characters, cursor }: Line, text: string): Line {
  const room = Math.max(0, LONGEST_LINE - characters.length)
  const fresh = Array.from(sanitiseLine(text)).slice(0, room)
  return {
    characters: [...characters.slice(0, cursor), ...fresh, ...characters.slice(cursor)],
    cursor: cursor + fresh.length,
  }
}

/** The line without the characters from one place to another. */
function without({ characters }: Line, from: number, to: number): Line {
  return { characters: [...characters.slice(0, from), ...characters.slice(to)], cursor: from }
}

/** Where the word before the cursor begins. */
function wordStart({ characters, cursor }: Line): number {
  const before = characters.slice(0, cursor).join('').trimEnd()
  const begun = before.search(/(?<!\S)\S+$/)
  return begun === -1 ? 0 : Array.from(before.slice(0, begun)).length
}

/** What a key does to the line, as in a shell; undefined for a key that edits nothing. */
export function edited(line: Line, key: string): Line | undefined {
  const { characters, cursor } = line
  const { length } = characters
  switch (key) {
    case 'left':
      return { characters, cursor: Math.max(0, cursor - 1) }
    case 'right':
      return { characters, cursor: Math.min(length, cursor + 1) }
    case 'home':
    case 'C-a':
      return { characters, cursor: 0 }
    case 'end':
    case 'C-e':
      return { characters, cursor: length }
    case 'backspace':
      return cursor === 0 ? line : without(line, cursor - 1, cursor)
    case 'delete':
      return without(line, cursor, cursor + 1)
    case 'C-w':
      return without(line, wordStart(line), cursor)
    case 'C-u':
      return without(line, 0, cursor)
    case 'C-k':
      return without(line, cursor, length)
    case 'space':
      return inserted(line, ' ')
  }
  return /^.$/su.test(key) ? inserted(line, key) : undefined
}
