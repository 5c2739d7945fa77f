/** Text that is already HTML. All other values in a page are escaped. */
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

/**
 * Escapes strings and numbers in a template, inserts markup and lists of markup as they are, and
 * omits `undefined`.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(render)))
}

function render(value: MarkupValue): string {
  if (value === undefined) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map(each => each.text).join('')
  return String(value).replace(/[&<>"']/g, character => ENTITIES.get(character) ?? '')
}

/** Formats cents: `€ 12.34` for 1234. */
export function euros(cents: number): string {
  return `€ ${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}
