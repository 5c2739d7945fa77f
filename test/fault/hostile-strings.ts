/**
 * Pieces that a terminal would obey, or would draw wider or narrower than counted. Pages, errors
 * and rows may hold them.
 */
const PIECES = [
  ...['{bold}', '{/}', '{center}', '{|}', '{a,b}', '{red-fg}', '{escape}'],
  ...[
    '\u001b[2J',
    '\u001b[31m',
    '\u001b]0;pwned\u0007',
    '\u001b]52;c;cHduZWQ=\u0007',
    '\u001b[?1049l',
    '\u001b[6n',
  ],
  ...[
    '\u001bP+q544e\u001b\\',
    '\u001b_x\u001b\\',
    '\u001bc',
    '\u001b',
    '\u001b[',
    '\u001b[?2026l',
    '\u001b[999;999H',
  ],
  ...[
    '\u009b31m',
    '\u009d0;x\u009c',
    '\u0090',
    '\u0085',
    '\u0007',
    '\b\b',
    '\r\n',
    '\r',
    '\t',
    '\v',
    '\f',
    '\u000e',
    '\u0000',
  ],
  ...[
    '\u202e',
    '\u202d',
    '\u2066',
    '\u2069',
    '\u200f',
    '\u200d',
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u2029',
    '\u00ad',
  ],
  ...['🍷', '👨‍👩‍👧', '🇮🇹', '👍🏽', '❤️', '☎️', '1️⃣', '北京', 'ａ', '｡', 'ﷺ', '한', '\u1100\u1161', 'क्षि', 'ไทย'],
  ...[
    'e\u0301',
    '\u0301',
    'Z\u0353\u0322\u031b\u0334',
    '\ud800',
    '\udfff',
    '\ufffd',
    '\uffff',
    '\u{10ffff}',
    '\u007f',
  ],
  ...[
    '│',
    '╭',
    '─',
    '…',
    '\\x1b[2J',
    '${x}',
    '%s%n',
    '<script>',
    "'; DROP TABLE jobs; --",
    ' ',
    'ordinary words',
    '0',
  ],
]

/** Length of the longest text from outside. A page's title can have it. */
const MEGABYTE = 1_000_000

/** One string in 500 has that length, because these strings cost as much as all others together. */
const LONG_ONES = 500

/**
 * Random strings, equal for equal seeds: pieces of the above, random bytes read as UTF-8, random
 * code units, and sometimes a megabyte.
 */
export class HostileStrings {
  made = 0
  private readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  next(): string {
    this.made += 1
    const kind = this.random()
    const text = kind < 0.7 ? this.pieces() : kind < 0.85 ? this.bytes() : this.units()
    return this.made % LONG_ONES === 0 ? text.repeat(Math.ceil(MEGABYTE / Math.max(1, text.length))) : text
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  private pieces(): string {
    return Array.from({ length: 1 + this.below(14) }, () => PIECES[this.below(PIECES.length)]).join('')
  }

  /** Returns mostly invalid UTF-8. Invalid bytes become U+FFFD, as wherever bytes are read. */
  private bytes(): string {
    return Buffer.from(Array.from({ length: this.below(40) }, () => this.below(256))).toString('utf8')
  }

  private units(): string {
    return String.fromCharCode(...Array.from({ length: this.below(30) }, () => this.below(0x10000)))
  }
}
