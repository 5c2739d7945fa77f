/**
 * Codes that writers of colours put between the characters of a text: codes that change how the text after them looks, and the
 * one by which grep clears the rest of a line; as they are, as JSON and Node's inspection write them, and the sign that
 * stands for them in text that was made harmless.
 */
const COLOURS = /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))\[[\d:;]*[mK]|\u009b[\d:;]*[mK]|\u241b)+/g

/** The end of a text that can be the beginning of such a code. */
const OPEN_COLOUR =
  /(?:(?:\u001b|\\{1,4}(?:u001[bB]|x1[bB]))(?:\[[\d:;]*)?|\u009b[\d:;]*|\\{1,4}(?:u(?:0(?:01?)?)?|x1?)?)$/

/** Between two characters no writer puts more. Without a limit, a secret that has begun could be followed by codes forever. */
const LONGEST_COLOURS = 64

const COLOUR = /\u001b\[[\d:;]*[mK]|\u009b[\d:;]*[mK]/g

/** Returns a text without the codes of its colours. */
export function withoutColours(text: string): string {
  return text.replace(COLOUR, '')
}

/** Returns the last code in a text that changes the colour of what follows; empty if there is none. */
export function lastColour(text: string): string {
  return text.match(COLOUR)?.at(-1) ?? ''
}

/** A text without its colours, in which a secret is searched that is written with a colour for each character. */
export class UncolouredText {
  readonly text: string
  /** The places in `text` at which colours stood, the first being its beginning. */
  private readonly places: readonly number[]
  /** Number of characters of the original that are left out up to each of the places. */
  private readonly left: readonly number[]

  private constructor(text: string, places: readonly number[], left: readonly number[]) {
    this.text = text
    this.places = places
    this.left = left
  }

  /**
   * Reads a text from a place on. `continues`: more of it is to come, so a colour can begin at its end. Returns undefined
   * if no colours follow the place.
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

  /** Returns where a character of `text` stands in the original. */
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
