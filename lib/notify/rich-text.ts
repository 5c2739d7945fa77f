/** Text in pieces, each in one style: a channel writes it in its own way, and nothing in it can be taken for markup. */
export interface Span {
  readonly text: string
  readonly style: 'plain' | 'bold' | 'code'
}
export type RichText = readonly Span[]

export const plain = (text: string): Span => ({ text, style: 'plain' })
export const bold = (text: string): Span => ({ text, style: 'bold' })
export const code = (text: string): Span => ({ text, style: 'code' })

/** The same without styles. */
export function plainText(rich: RichText): string {
  return rich.map(({ text }) => text).join('')
}

const TAGS = { plain: ['', ''], bold: ['<b>', '</b>'], code: ['<code>', '</code>'] } as const

/**
 * Replaces each `@`, because a page can write `@everyone` and `.@alice` into its errors. Services disagree on where in a word the name of a
 * person may begin, so that no `@` is left, not even that of a mail address.
 */
export function withoutMentions(rich: RichText): RichText {
  return rich.map(({ text, style }) => ({ text: text.replaceAll('@', '＠'), style }))
}

/** The same in the HTML that Telegram takes. */
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

/** Where there is a line end in the last part of it, a piece ends there. */
const LINE_END_WITHIN = 0.5

/**
 * Cuts text into pieces of at most `limit` UTF-16 units. It is cut before it is escaped, and styles begin anew in each piece: no entity, no tag and no character is ever
 * cut through.
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
      // The line end that it was cut at has served.
      if (rest.startsWith('\n')) rest = rest.slice(1)
    }
  }
  return pieces.filter(piece => plainText(piece).trim() !== '')
}

/** Returns where to cut a text that is longer than `space`; 0 for nowhere. `must`: a whole piece is free, so that something goes into it. */
function cutAt(text: string, space: number, must: boolean): number {
  const lineEnd = text.lastIndexOf('\n', space)
  if (lineEnd > 0 && (lineEnd >= space * LINE_END_WITHIN || !must)) return lineEnd
  if (!must && lineEnd === 0) return 0
  // Between the two halves of a character nothing is cut.
  const high = text.charCodeAt(space - 1)
  const cut = high >= 0xd800 && high <= 0xdbff ? space - 1 : space
  return must ? Math.max(cut, 1) : Math.max(cut, 0)
}
