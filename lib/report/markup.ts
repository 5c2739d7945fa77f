import { sanitiseBlock } from '../core/text/sanitise.ts'

/** Maximum number of characters of a text on a page. */
const TEXT_LIMIT = 20_000

/** Piece of HTML that is safe to insert, because only `html` creates it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Markup[]

/** Returns HTML with the inserted values escaped, because texts come from pages and errors. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = strings.reduce((made, string, index) => {
    const part = parts[index]
    return `${made}${string}${part === undefined ? '' : partText(part)}`
  }, '')
  return new Markup(text)
}

function partText(part: Part): string {
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return escaped(String(part))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return sanitiseBlock(text, TEXT_LIMIT).replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign)
}
