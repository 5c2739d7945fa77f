import { writtenForms } from './written-forms.ts'

/**
 * A text that a secret can stand as: a sequence of characters, each of which has several forms. The
 * last character may be missing where an empty form stands among its forms.
 */
export type SecretForm = readonly (readonly string[])[]

/** A shorter value stands in too many words, and could be guessed anyway. */
const SHORTEST_SECRET = 4

/** A line of a secret that has several, such as a private key, counts alone from this length on. */
const SHORTEST_LINE = 12

/** Fewer characters of base64 stand in too many other texts, and need their neighbours. */
const SHORTEST_BASE64 = 6

/** A secret of which more beginnings than that can end at one place of a text is searched in pieces. */
const MOST_BEGINNINGS = 32

/**
 * Returns all forms in which a secret can stand in a text: as it is, in JSON, in an address, in
 * markup, in base64, and as Node prints it, each with the spaces around it and without. A value that is too short to be a secret has none.
 */
export function formsOf(secret: string): SecretForm[] {
  // Who reads a secret takes away what was pasted around it.
  const trimmed = secret.trim()
  if (trimmed.length < SHORTEST_SECRET) return []
  const lines = secret.split(/\r?\n/).map(line => line.trim())
  const parts = lines.length === 1 ? [] : lines.filter(line => line.length >= SHORTEST_LINE)
  return [...new Set([secret, trimmed, ...parts].flatMap(piecesOf))].flatMap(text => [
    Array.from(text, writtenForms),
    ...base64Forms(Buffer.from(text)),
    // The function btoa() of pages writes a byte for each character.
    ...(LATIN_1_BEYOND_ASCII.test(text) ? base64Forms(Buffer.from(text, 'latin1')) : []),
  ])
}

/** A text of Latin-1 that UTF-8 writes with other bytes. */
const LATIN_1_BEYOND_ASCII = /^(?=.*[\x80-\xff])[\x00-\xff]*$/s

/**
 * Returns a text in pieces if it repeats itself so often, as a long run of one sign does, that a
 * search through a text of the same signs would follow more beginnings of it than pay. Each piece
 * counts as a secret then, and nothing of it stays.
 */
function piecesOf(text: string): readonly string[] {
  const characters = Array.from(text)
  if (mostBeginnings(characters) <= MOST_BEGINNINGS) return [text]
  const count = Math.floor(characters.length / MOST_BEGINNINGS)
  return Array.from({ length: count }, (_, index) =>
    characters
      .slice(index * MOST_BEGINNINGS, index + 1 === count ? undefined : (index + 1) * MOST_BEGINNINGS)
      .join(''),
  )
}

/** Returns how many beginnings of a text can end at one place of it: the method of Knuth, Morris and Pratt. */
function mostBeginnings(characters: readonly string[]): number {
  const shorter = [0]
  const beginnings = [1]
  for (let end = 1, length = 0; end < characters.length; end++) {
    while (length > 0 && characters[end] !== characters[length]) length = shorter[length - 1] ?? 0
    if (characters[end] === characters[length]) length++
    shorter.push(length)
    beginnings.push(1 + (length === 0 ? 0 : (beginnings[length - 1] ?? 0)))
  }
  return beginnings.reduce((most, count) => Math.max(most, count), 0)
}

/**
 * Base64 of any text that holds the value: three bytes make four characters, so that what stands
 * before the value shifts its characters in one of three ways. The character that also holds bits
 * of the byte before the value is left out, except for the shortest values.
 */
function base64Forms(bytes: Buffer): SecretForm[] {
  return [0, 1, 2].map(shift => {
    const from = shift * 8
    const to = from + bytes.length * 8
    const first = Math.ceil(from / 6)
    const last = Math.floor(to / 6)
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes, Buffer.alloc(2)]).toString('base64')
    const whole = Array.from(encoded.slice(first, last), base64Character)
    const after = last * 6 === to ? [] : [anyLow(encoded.charAt(last), last * 6 + 6 - to)]
    // The last character is redacted where it stands, but a text can end before it.
    if (whole.length >= SHORTEST_BASE64) return [...whole, ...after.map(characters => [...characters, ''])]
    const before = first * 6 === from ? [] : [anyHigh(encoded.charAt(first - 1), first * 6 - from)]
    return [...before, ...whole, ...after]
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Returns the characters that have the same `bits` lowest bits. */
const anyHigh = (character: string, bits: number): readonly string[] =>
  charactersLike(ALPHABET.indexOf(character) % 2 ** bits, value => value % 2 ** bits, `high ${bits}`)

/** Returns the characters that differ in the `bits` lowest bits at most. */
const anyLow = (character: string, bits: number): readonly string[] => {
  const facet = (value: number) => Math.floor(value / 2 ** bits)
  return charactersLike(facet(ALPHABET.indexOf(character)), facet, `low ${bits}`)
}

/** The forms of all secrets share these lists, of which there are some hundred. */
const likeCharacters = new Map<string, readonly string[]>()

function charactersLike(wanted: number, facet: (value: number) => number, name: string): readonly string[] {
  const key = `${name} ${wanted}`
  const known = likeCharacters.get(key)
  if (known !== undefined) return known
  const characters = Array.from(ALPHABET)
    .filter((_, value) => facet(value) === wanted)
    .flatMap(base64Character)
  likeCharacters.set(key, characters)
  return characters
}

/**
 * Base64 for addresses has other characters in place of two, and JSON and addresses escape these.
 */
const base64Character = (character: string): readonly string[] =>
  character === '+'
    ? [...writtenForms('+'), '-']
    : character === '/'
      ? [...writtenForms('/'), '_']
      : [character]
