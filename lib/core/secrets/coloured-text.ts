/**
 * Matches codes that writers of colours put between the characters of a text: codes for the style
 * of the text after them, and the code with which grep clears the rest of a line. Matches their
 * plain form, the forms of JSON and of Node's inspection, and the sign that replaces them in
 * sanitised text.
 */
const COLOURS = /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))\[[\d:;]*[mK]|\u009b[\d:;]*[mK]|\u241b)+/g

/** Matches the end of a text that can be the beginning of such a code. */
const OPEN_COLOUR =
  /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))(?:\[[\d:;]*)?|\u009b[\d:;]*|\\{1,4}(?:u(?:0(?:01?)?)?|x1?)?)$/

/**
 * Most characters of colour codes between two characters of a text. Without a limit, endless codes
 * could follow the beginning of a secret.
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
 * A text without its colours, to search for a secret that is written with a colour for each
 * character.
 */
export class UncolouredText {
  readonly text: string
  /** Places in `text` at which colours were removed. The first is the beginning of the text. */
  private readonly places: readonly number[]
  /** Number of characters of the original that are removed up to each of the places. */
  private readonly left: readonly number[]

  private constructor(text: string, places: readonly number[], left: readonly number[]) {
    this.text = text
    this.places = places
    this.left = left
  }

  /**
   * Reads a text from a place on. `continues`: more text will follow, so a colour can begin at its
   * end. Returns undefined if no colours follow the place.
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

  /** Returns the place in the original of a character of `text`. */
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
