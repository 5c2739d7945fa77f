import { writtenForms } from './written-forms.ts'

/**
 * A written form of a secret: a sequence of characters, each of which has several forms. If the
 * forms of the last character include an empty one, the character may be missing.
 */
export type SecretForm = readonly (readonly string[])[]

/** Shortest secret. A shorter value occurs in too many words, and could be guessed anyway. */
const SHORTEST_SECRET = 4

/** Shortest line that counts alone, for a secret of several lines such as a private key. */
const SHORTEST_LINE = 12

/**
 * Shortest base64 that counts alone. A shorter one occurs in too many other texts, and needs its
 * neighbours.
 */
const SHORTEST_BASE64 = 6

/**
 * Most beginnings of a secret that may end at one place of a text. A secret with more is searched
 * in pieces.
 */
const MOST_BEGINNINGS = 32

/**
 * Returns all forms in which a secret can occur in a text: as it is, in JSON, in an address, in
 * markup, in base64, and as Node prints it, each with the spaces around it and without. A value
 * that is too short for a secret has none.
 */
export function formsOf(secret: string): SecretForm[] {
  // A reader of a secret trims the spaces that were pasted around it.
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

/** Matches a text of Latin-1 that UTF-8 writes with other bytes. */
const LATIN_1_BEYOND_ASCII = /^(?=.*[\x80-\xff])[\x00-\xff]*$/s

/**
 * Splits a text that repeats itself often, such as a long run of one sign, because a search through
 * a text of the same signs would follow too many beginnings of it. Each piece counts as a secret
 * then, and every one is redacted.
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

/**
 * Returns the largest number of beginnings of a text that can end at one place of it, by the method
 * of Knuth, Morris and Pratt.
 */
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
 * Returns the base64 forms of any text that holds the value. Three bytes make four characters, so
 * the text before the value shifts its characters in one of three ways. The character that also
 * holds bits of the byte before the value is left out, except for the shortest values.
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
    // The last character is redacted if it is present, but a text can end before it.
    if (whole.length >= SHORTEST_BASE64) return [...whole, ...after.map(characters => [...characters, ''])]
    const before = first * 6 === from ? [] : [anyHigh(encoded.charAt(first - 1), first * 6 - from)]
    return [...before, ...whole, ...after]
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Returns the characters that have the same `bits` lowest bits. */
const anyHigh = (character: string, bits: number): readonly string[] =>
  charactersLike(ALPHABET.indexOf(character) % 2 ** bits, value => value % 2 ** bits, `high ${bits}`)

/** Returns the characters that differ in at most the `bits` lowest bits. */
const anyLow = (character: string, bits: number): readonly string[] => {
  const facet = (value: number) => Math.floor(value / 2 ** bits)
  return charactersLike(facet(ALPHABET.indexOf(character)), facet, `low ${bits}`)
}

/** Lists shared by the forms of all secrets. There are some hundred. */
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
 * Returns the forms of a base64 character. Base64 for addresses replaces two characters, and JSON
 * and addresses escape these.
 */
const base64Character = (character: string): readonly string[] =>
  character === '+'
    ? [...writtenForms('+'), '-']
    : character === '/'
      ? [...writtenForms('/'), '_']
      : [character]
