import { sanitiseLine } from '../lib/core/text/sanitise.ts'

/** Line that a person types. The cursor is before the character at the index `cursor`. */
export interface Line {
  readonly characters: readonly string[]
  readonly cursor: number
}

/**
 * Maximum length of a line, in characters. Most values of a table fit, and processing all
 * characters at every key press is still fast.
 */
export const LONGEST_LINE = 4_000

export const NO_TEXT: Line = { characters: [], cursor: 0 }

export const textOf = ({ characters }: Line): string => characters.join('')

/** Returns a line with this text and the cursor at its end. */
export const lineOf = (text: string): Line => inserted(NO_TEXT, text)

/**
 * Inserts a text at the cursor. Characters beyond the maximum length are dropped, and control
 * characters are made visible.
 */
export function inserted({ characters, cursor }: Line, text: string): Line {
  const room = Math.max(0, LONGEST_LINE - characters.length)
  const fresh = Array.from(sanitiseLine(text)).slice(0, room)
  return {
    characters: [...characters.slice(0, cursor), ...fresh, ...characters.slice(cursor)],
    cursor: cursor + fresh.length,
  }
}

/**
 * Returns the line without the characters from `from` up to, but not including, `to`. The cursor is
 * at `from`.
 */
function without({ characters }: Line, from: number, to: number): Line {
  return { characters: [...characters.slice(0, from), ...characters.slice(to)], cursor: from }
}

/** Returns the index at which the word before the cursor starts. */
function wordStart({ characters, cursor }: Line): number {
  const before = characters.slice(0, cursor).join('').trimEnd()
  const begun = before.search(/(?<!\S)\S+$/)
  return begun === -1 ? 0 : Array.from(before.slice(0, begun)).length
}

/**
 * Applies an editing key to a line. The keys are those of a shell. Returns undefined if the key is
 * not an editing key.
 */
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
