/**
 * Piece of a text with one style. A channel writes each piece in its own format, so that no text is
 * interpreted as markup.
 */
export interface Span {
  readonly text: string
  readonly style: 'plain' | 'bold' | 'code'
}
export type RichText = readonly Span[]

export const plain = (text: string): Span => ({ text, style: 'plain' })
export const bold = (text: string): Span => ({ text, style: 'bold' })
export const code = (text: string): Span => ({ text, style: 'code' })

/** Returns the text without styles. */
export function plainText(rich: RichText): string {
  return rich.map(({ text }) => text).join('')
}

const TAGS = { plain: ['', ''], bold: ['<b>', '</b>'], code: ['<code>', '</code>'] } as const

/**
 * Returns the text with each `@` replaced, because a page can write `@everyone` or `.@alice` into
 * its errors, which would notify people. Services differ in where in a word a mention may begin, so
 * even the `@` of a mail address is replaced.
 */
export function withoutMentions(rich: RichText): RichText {
  return rich.map(({ text, style }) => ({ text: text.replaceAll('@', '＠'), style }))
}

/** Returns the text in Telegram's HTML. */
export function htmlText(rich: RichText): string {
  return rich
    .map(({ text, style }) => {
      const [open, close] = TAGS[style]
      return `${open}${escaped(text)}${close}`
    })
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Share of a piece that must be filled before a line end becomes the preferred place of a cut. */
const LINE_END_WITHIN = 0.5

/**
 * Cuts a text into pieces of at most `limit` UTF-16 units. The text is cut before it is escaped,
 * and each piece restarts its style, so no entity, tag or character is cut in two.
 */
export function splitText(rich: RichText, limit: number): RichText[] {
  const pieces: Span[][] = [[]]
  let space = limit
  for (const { text, style } of rich) {
    let rest = text
    while (rest !== '') {
      const cut = rest.length <= space ? rest.length : cutAt(rest, space, space === limit)
      if (cut > 0) pieces.at(-1)?.push({ text: rest.slice(0, cut), style })
      rest = rest.slice(cut)
      space -= cut
      if (rest === '') break
      pieces.push([])
      space = limit
      // The cut replaces the line end after it.
      if (rest.startsWith('\n')) rest = rest.slice(1)
    }
  }
  return pieces.filter(piece => plainText(piece).trim() !== '')
}

/**
 * Returns the index at which to cut a text that is longer than `space`. Returns 0 if the text
 * should begin in the next piece instead. That never happens if `must` is true, because the current
 * piece is then still empty.
 */
function cutAt(text: string, space: number, must: boolean): number {
  const lineEnd = text.lastIndexOf('\n', space)
  if (lineEnd > 0 && (lineEnd >= space * LINE_END_WITHIN || !must)) return lineEnd
  if (!must && lineEnd === 0) return 0
  // A cut must not split a surrogate pair.
  const high = text.charCodeAt(space - 1)
  const cut = high >= 0xd800 && high <= 0xdbff ? space - 1 : space
  return must ? Math.max(cut, 1) : Math.max(cut, 0)
}
