/**
 * Text in pieces of one style each. A channel writes each piece in its own way, so that no text
 * counts as markup.
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
 * Replaces each `@`, because a page can write `@everyone` and `.@alice` into its errors. Services
 * disagree on where a person's name may begin in a word, so even the `@` of a mail address is
 * replaced.
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

/** Share of a piece at its end in which a line end is the preferred cut. */
const LINE_END_WITHIN = 0.5

/**
 * Cuts text into pieces of at most `limit` UTF-16 units. The cut comes before the escaping, and
 * styles restart in each piece, so no entity, tag or character is cut in two.
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
      // The line end at the cut is no longer needed.
      if (rest.startsWith('\n')) rest = rest.slice(1)
    }
  }
  return pieces.filter(piece => plainText(piece).trim() !== '')
}

/**
 * Returns the cut in a text that is longer than `space`; 0 for none. With `must` a whole piece is
 * free, so that the cut is never 0.
 */
function cutAt(text: string, space: number, must: boolean): number {
  const lineEnd = text.lastIndexOf('\n', space)
  if (lineEnd > 0 && (lineEnd >= space * LINE_END_WITHIN || !must)) return lineEnd
  if (!must && lineEnd === 0) return 0
  // A cut must not split the two halves of a character.
  const high = text.charCodeAt(space - 1)
  const cut = high >= 0xd800 && high <= 0xdbff ? space - 1 : space
  return must ? Math.max(cut, 1) : Math.max(cut, 0)
}
