/** Text that is already HTML; everything else that enters a page is escaped. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type MarkupValue = string | number | Markup | readonly Markup[] | undefined

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/** A template tag: strings and numbers are escaped, markup and lists of it are kept, `undefined` is nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(render)))
}

function render(value: MarkupValue): string {
  if (value === undefined) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map(each => each.text).join('')
  return String(value).replace(/[&<>"']/g, character => ENTITIES.get(character) ?? '')
}

/** `€ 12.34` of 1234. */
export function euros(cents: number): string {
  return `€ ${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}
