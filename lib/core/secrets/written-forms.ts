/**
 * Ways in which programs write one character of a value: as it is, in JSON (with each set of
 * escapes in use), in JSON within JSON, in an address, and in markup. A page, a library or another
 * program can write a secret, so each character has its forms independently of the others.
 */

const PLAIN = /^[A-Za-z0-9]$/

const memory = new Map<string, readonly string[]>()

/**
 * Number of cached characters at which the cache is cleared, because secrets in other scripts could
 * contain any character.
 */
const MAX_REMEMBERED = 2_000

/** Returns the texts that can represent a character, longest first. */
export function writtenForms(character: string): readonly string[] {
  if (PLAIN.test(character)) return [character]
  const known = memory.get(character)
  if (known !== undefined) return known
  if (memory.size >= MAX_REMEMBERED) memory.clear()
  const forms = jsonForms(character).flatMap(text => [text, ...addressForms(text), ...markupForms(text)])
  const sorted = [...new Set([...forms, ...(SPECIAL[character] ?? [])])].sort((a, b) => b.length - a.length)
  memory.set(character, sorted)
  return sorted
}

/**
 * Additional forms of special characters. HTML forms encode a space as a plus, and terminals need a
 * carriage return before a line feed.
 */
const SPECIAL: Readonly<Record<string, readonly string[]>> = { ' ': ['+'], '\n': ['\r\n'] }

/**
 * Returns a character as it is, as it is written in JSON, and as it is written in JSON within a
 * JSON string.
 */
function jsonForms(character: string): string[] {
  const units = unitsOf(character)
  const escaped = (digits: (code: number) => string) => units.map(code => `\\u${digits(code)}`).join('')
  const once = [
    inJson(character),
    // Some JSON writers escape a slash, and Node escapes the quotes that it prints around a text.
    ...("/'`".includes(character) ? [`\\${character}`] : []),
    ...[lower, upper].map(digits => escaped(code => digits(code).padStart(4, '0'))),
    // Node prints control characters in this form, and pages write HTML special characters in this
    // form in their scripts.
    ...(character <= '\xff' ? [lower, upper].map(digits => `\\x${twoDigits(digits(units[0] ?? 0))}`) : []),
  ]
  return [...new Set([character, ...once, ...once.map(inJson), ...once.map(inJsonWithSlashes)])]
}

const unitsOf = (character: string): number[] =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Escapes text as PHP writes JSON, with each slash escaped. */
const inJsonWithSlashes = (text: string): string => inJson(text).replaceAll('/', '\\/')

const lower = (code: number): string => code.toString(16)
const upper = (code: number): string => lower(code).toUpperCase()
const twoDigits = (digits: string): string => digits.padStart(2, '0')

/**
 * Returns the percent-encoded forms of a text, once encoded and, as in a URL within a URL, twice.
 * The bytes are those of UTF-8, or of windows-1252, in which pages of that encoding and of
 * ISO-8859-1 submit their forms. The escapes of the function `escape()` are included.
 */
function addressForms(text: string): string[] {
  return [inUtf8, inWindows1252, byEscapeFunction]
    .map(style => each(text, style))
    .flatMap(encoded => [encoded, encoded.toLowerCase()])
    .flatMap(encoded => [encoded, encoded.replaceAll('%', '%25')])
}

const inUtf8 = (character: string): string => percentBytes(Buffer.from(character))

const byEscapeFunction = (character: string): string =>
  unitsOf(character)
    .map(code => (code < 256 ? `%${twoDigits(upper(code))}` : `%u${upper(code).padStart(4, '0')}`))
    .join('')

const percentBytes = (bytes: Iterable<number>): string =>
  Array.from(bytes, byte => `%${twoDigits(upper(byte))}`).join('')

/**
 * Returns the percent-encoded byte of a character in windows-1252. As in a submitted form, a
 * character without such a byte becomes a percent-encoded numeric character reference.
 */
function inWindows1252(character: string): string {
  const byte = WINDOWS_1252.get(character)
  return byte === undefined ? encodeURIComponent(`&#${character.codePointAt(0) ?? 0};`) : percentBytes([byte])
}

/** Byte of each character in windows-1252. */
const WINDOWS_1252: ReadonlyMap<string, number> = new Map(
  Array.from(
    new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    (character, byte) => [character, byte],
  ),
)

/**
 * Returns the escaped forms of a text in HTML. Libraries escape five characters or all, by entity
 * names or by numbers.
 */
function markupForms(text: string): string[] {
  const numbers: ((code: number) => string)[] = [
    code => `&#${code};`,
    code => `&#${String(code).padStart(3, '0')};`,
    code => `&#x${lower(code)};`,
    code => `&#x${upper(code)};`,
  ]
  const byNumber = numbers.map(form => (character: string) => form(character.codePointAt(0) ?? 0))
  const styles = [...byNumber, ...[0, 1].map(place => (character: string) => entity(character, place))]
  return styles.flatMap(style => [
    each(text, style),
    each(text, character => ('&<>"\''.includes(character) ? style(character) : character)),
  ])
}

const each = (text: string, form: (character: string) => string): string =>
  Array.from(text, character => (PLAIN.test(character) ? character : form(character))).join('')

function entity(character: string, place: number): string {
  const names = ENTITIES.get(character)
  const name = names?.[place] ?? names?.[0]
  return name === undefined ? character : `&${name};`
}

/**
 * Names of the HTML entities by character: those of ASCII, then those of Latin-1 in the order of
 * their codes.
 */
const ENTITIES: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...Object.entries({
      ...{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', '\t': 'Tab', '\n': 'NewLine' },
      ...{ '!': 'excl', '#': 'num', $: 'dollar', '%': 'percnt', '(': 'lpar', ')': 'rpar', '*': 'ast midast' },
      ...{ '+': 'plus', ',': 'comma', '.': 'period', '/': 'sol', ':': 'colon', ';': 'semi', '=': 'equals' },
      ...{ '?': 'quest', '@': 'commat', '[': 'lbrack lsqb', '\\': 'bsol', ']': 'rbrack rsqb', '^': 'Hat' },
      ...{
        _: 'lowbar',
        '`': 'grave',
        '{': 'lbrace lcub',
        '|': 'vert verbar',
        '}': 'rbrace rcub',
        '€': 'euro',
      },
    }),
    ...(
      'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
      'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
      'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
      'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
      'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
    )
      .split(' ')
      .map((name, index): [string, string] => [String.fromCharCode(0xa0 + index), name]),
  ].map(([character, names]): [string, readonly string[]] => [character, names.split(' ')]),
)
