/**
 * Matches the escape sequences that programs write between the characters of coloured text: SGR
 * sequences, and the sequence with which grep clears the rest of a line. Matches them as they are,
 * as JSON and Node's `util.inspect` escape them, and as the symbol that replaces them in sanitised
 * text.
 */
const COLOURS = /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))\[[\d:;]*[mK]|\u009b[\d:;]*[mK]|\u241b)+/g

/** Matches the end of a text that may be an incomplete escape sequence of this kind. */
const OPEN_COLOUR =
  /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))(?:\[[\d:;]*)?|\u009b[\d:;]*|\\{1,4}(?:u(?:0(?:01?)?)?|x1?)?)$/

/**
 * Maximum length of the colour codes between two characters of a secret. Without a limit, an
 * endless run of codes could follow the beginning of a secret.
 */
const LONGEST_COLOURS = 64

const COLOUR = /\u001b\[[\d:;]*[mK]|\u009b[\d:;]*[mK]/g

/** Returns a text without its colour codes. */
export function withoutColours(text: string): string {
  return text.replace(COLOUR, '')
}

/** Returns the last colour code in a text; empty if there is none. */
export function lastColour(text: string): string {
  return text.match(COLOUR)?.at(-1) ?? ''
}

/**
 * A text without its colour codes, in which a secret is found even if each of its characters was
 * coloured separately. Maps positions back to the original text.
 */
export class UncolouredText {
  readonly text: string
  /**
   * Positions in `text` at which colour codes were removed, ascending. The first is 0, the
   * beginning of the text.
   */
  private readonly places: readonly number[]
  /**
   * For each of the `places`, the number of characters that were removed from the original up to
   * it.
   */
  private readonly left: readonly number[]

  private constructor(text: string, places: readonly number[], left: readonly number[]) {
    this.text = text
    this.places = places
    this.left = left
  }

  /**
   * Removes the colour codes of `original` from position `from` on. If `continues` is true, more
   * text will follow, so an incomplete code at the end is removed too. Returns undefined if there
   * are no codes.
   */
  static of(original: string, from: number, continues: boolean): UncolouredText | undefined {
    let text = ''
    let read = from
    const places = [0]
    const left = [from]
    const leaveOut = (start: number, length: number) => {
      text += original.slice(read, start)
      read = start + length
      places.push(text.length)
      left.push(read - text.length)
    }
    for (const { 0: codes, index } of original.slice(from).matchAll(COLOURS))
      if (codes.length <= LONGEST_COLOURS) leaveOut(from + index, codes.length)
    const open = continues ? OPEN_COLOUR.exec(original.slice(read).slice(-LONGEST_COLOURS)) : null
    if (open !== null) leaveOut(original.length - open[0].length, open[0].length)
    return places.length === 1 ? undefined : new UncolouredText(text + original.slice(read), places, left)
  }

  /** Returns the position in the original of the character at position `character` of `text`. */
  placeOf(character: number): number {
    let low = 0
    for (let high = this.places.length; high - low > 1;) {
      const middle = (low + high) >> 1
      if ((this.places[middle] ?? 0) <= character) low = middle
      else high = middle
    }
    return character + (this.left[low] ?? 0)
  }
}
