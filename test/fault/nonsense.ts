import type { Json } from '../../lib/core/errors/errors.ts'

/** Texts that break a careless reader. None leads out of a folder. */
const TEXTS = [
  ...['', ' ', '0', '-1', '1e9', '1e999', 'NaN', 'null', 'true', 'undefined', '[]', '{}', '{', '"', "'", '`'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'a=b',
    '=',
    ',',
    ',,',
    ';',
    '#',
    '%',
    '%00',
    '\\',
    '\n',
    '\t',
    '\0',
  ],
  ...[
    '\u001b[2J',
    '\u202e',
    '\ufeff',
    '\ud800',
    '🍷',
    'x'.repeat(300),
    'http://',
    'http://x:99999',
    'ftp://x',
    '::',
  ],
  ...[
    '99:99',
    '22:00-22:00',
    '* * * * *',
    '61 * * * *',
    '0 0 31 2 *',
    '5s',
    '-5s',
    '5y',
    '1e3s',
    '*=x',
    'x=-1',
  ],
  ...['2026-13-45', "'; DROP TABLE jobs; --", '{bold}', '$(id)', 'Europe/Rome', 'Mars/Olympus'],
]

const NUMBERS = [0, -0, 1, -1, 0.5, 64, 65, 1e21, -1e21, 2 ** 31, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE]

const DEEPEST = 3
const WIDEST = 4

/** Unwelcome values. Equal random numbers give equal values. */
export class Nonsense {
  readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  below(count: number): number {
    return Math.floor(this.random() * count)
  }

  chance(of: number): boolean {
    return this.random() < of
  }

  /** Returns an element of a list that is not empty. */
  one<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)]
    if (found === undefined) throw new Error('There is nothing to choose from.')
    return found
  }

  text(): string {
    return this.chance(0.2) ? `${this.one(TEXTS)}${this.one(TEXTS)}` : this.one(TEXTS)
  }

  /** Returns any JSON value. */
  value(depth = 0): Json {
    const kind = this.below(depth < DEEPEST ? 7 : 5)
    if (kind === 0) return null
    if (kind === 1) return this.chance(0.5)
    if (kind === 2) return this.one(NUMBERS)
    if (kind <= 4) return this.text()
    const values = Array.from({ length: this.below(WIDEST) }, () => this.value(depth + 1))
    return kind === 5 ? values : Object.fromEntries(values.map(value => [this.text(), value]))
  }

  /** Returns a value with one mistake: a part is replaced, missing or doubled. */
  damaged(value: Json): Json {
    if (this.chance(0.25)) return this.value()
    if (isList(value)) {
      if (value.length === 0) return [this.value()]
      const at = this.below(value.length)
      if (this.chance(0.2)) return value.filter((_, index) => index !== at)
      if (this.chance(0.1)) return [...value, ...value]
      return value.map((each, index) => (index === at ? this.damaged(each) : each))
    }
    if (typeof value !== 'object' || value === null) return this.value()
    const keys = Object.keys(value)
    if (keys.length === 0 || this.chance(0.1)) return { ...value, [this.text()]: this.value() }
    const wrong = this.one(keys)
    const kept = Object.entries(value).filter(([key]) => key !== wrong || !this.chance(0.3))
    return Object.fromEntries(kept.map(([key, each]) => [key, key === wrong ? this.damaged(each) : each]))
  }

  /**
   * Returns the text of a file that should hold this value: damaged, cut off, overwritten, or
   * replaced.
   */
  damagedText(value: Json): string {
    const text = JSON.stringify(this.chance(0.6) ? this.damaged(value) : value)
    const kind = this.below(10)
    if (kind === 0) return text.slice(0, this.below(text.length))
    if (kind === 1) return this.text()
    if (kind === 2) return `${text}${text}`
    if (kind > 3) return text
    const at = this.below(text.length)
    return `${text.slice(0, at)}${this.text()}${text.slice(at + this.below(8))}`
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
