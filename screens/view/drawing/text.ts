/**
 * Text in terminal cells. Whatever a page or an error contains, the result occupies exactly the
 * cells counted here. Characters that a terminal might draw with another width (emoji, joined
 * sequences) or obey (controls) are replaced by a character of width 1.
 */

/** Replaces a character without a known width. */
const SUBSTITUTE = '□'
/** Replaces a control character. */
const CONTROL = '·'

const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\u115f\u1160\u3164\uffa0]$/u
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u
const EMOJI = /^\p{Emoji_Presentation}$/u
/**
 * Characters that some terminals join with their neighbours. Whole Hangul syllables are composed
 * before this check.
 */
const JOINING = /^[\p{Mc}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7ff]$/u
/**
 * Characters that terminals draw in different widths, because the terminals implement different
 * versions of Unicode.
 */
const DISPUTED = /^[\u06de\u2ff0-\u2fff\u31e4-\u31ef\u3248-\u324f\u4dc0-\u4dff]$/
/** Text in which each character takes one cell, as in most texts. */
const PLAIN = /^[ -~]*$/
const LAST_OF_BMP = 0xffff
const ASCII_FROM = 0x20
const ASCII_TO = 0x7e
/** Box drawing and block elements, for frames, bars and pictures. */
const LINES_FROM = 0x2500
const LINES_TO = 0x259f

/** Blocks that every terminal draws two cells wide. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x2e80, 0x2ef3],
  [0x2f00, 0x2fd5],
  [0x3000, 0x303e],
  [0x3041, 0x3096],
  [0x309b, 0x30ff],
  [0x3105, 0x312f],
  [0x3131, 0x318e],
  [0x3190, 0x31e3],
  [0x31f0, 0x321e],
  [0x3220, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa48c],
  [0xa490, 0xa4c6],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe52],
  [0xfe54, 0xfe66],
  [0xfe68, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
]

/** Text of one cell. The second half of a wide character is an empty string. */
export type Cell = string

/** Returns the text of each cell that a text occupies. */
export function cellsOf(text: string): Cell[] {
  if (PLAIN.test(text)) return text.split('')
  const cells: Cell[] = []
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0) ?? 0
    if ((code >= ASCII_FROM && code <= ASCII_TO) || (code >= LINES_FROM && code <= LINES_TO))
      cells.push(character)
    else pushOther(cells, character, code)
  }
  return cells
}

function pushOther(cells: Cell[], character: string, code: number): void {
  if (code < ASCII_FROM || (code >= 0x7f && code <= 0x9f)) cells.push(CONTROL)
  else if (INVISIBLE.test(character)) return
  else if (
    code > LAST_OF_BMP ||
    EMOJI.test(character) ||
    JOINING.test(character) ||
    DISPUTED.test(character) ||
    !PRINTABLE.test(character)
  )
    cells.push(SUBSTITUTE)
  else if (isWide(code)) cells.push(character, '')
  else cells.push(character)
}

const isWide = (code: number) => code >= 0x2e80 && WIDE.some(([from, to]) => code >= from && code <= to)

/** Returns how many cells a text occupies. */
export const textWidth = (text: string): number => cellsOf(text).length

/** Cuts a text to at most `width` cells, with an ellipsis at the cut. */
export function cut(text: string, width: number): string {
  const cells = cellsOf(text)
  if (cells.length <= width) return cells.join('')
  if (width <= 0) return ''
  const kept = cells.slice(0, width - 1)
  // Half of a wide character is not a character.
  if (cells[width - 1] === '') kept.pop()
  const fill = ' '.repeat(width - 1 - kept.length)
  return `${kept.join('')}…${fill}`
}

/** Returns the end of a text in at most `width` cells, with an ellipsis at the cut. */
export function cutStart(text: string, width: number): string {
  const cells = cellsOf(text)
  if (cells.length <= width) return cells.join('')
  if (width <= 0) return ''
  const kept = cells.slice(cells.length - width + 1)
  // Half of a wide character is not a character.
  if (kept[0] === '') kept[0] = ' '
  return `…${kept.join('')}`
}

/** Returns the text in exactly `width` cells. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width)
  const rest = ' '.repeat(Math.max(0, width - textWidth(shown)))
  return align === 'left' ? shown + rest : rest + shown
}

/** Returns the text in lines of at most `width` cells, broken between words if possible. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(each => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (textWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const cells = cellsOf(word)
    while (cells.length > width && width > 1) {
      const whole = cells[width] === '' ? width - 1 : width
      lines.push(cells.splice(0, whole).join(''))
    }
    line = cells.join('')
  }
  return line === '' ? lines : [...lines, line]
}
