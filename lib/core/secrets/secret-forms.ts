import { writtenForms } from './written-forms.ts'

/**
 * A sequence of characters that represents a secret in a text. Each character is the list of its
 * alternative forms. If the alternatives of the last character include the empty string, that
 * character is optional.
 */
export type SecretForm = readonly (readonly string[])[]

/**
 * Minimum length of a secret. A shorter value occurs in too many words, and could be guessed
 * anyway.
 */
const SHORTEST_SECRET = 4

/**
 * Minimum length of a line that also counts as a secret by itself, if the secret has several lines,
 * such as a private key.
 */
const SHORTEST_LINE = 12

/**
 * Minimum number of complete base64 characters that identify a value by themselves. Fewer occur in
 * too many other texts, so the partial characters at both ends must match too.
 */
const SHORTEST_BASE64 = 6

/**
 * Maximum number of prefixes of a secret that may end at one position of a text. A secret with more
 * is split into pieces.
 */
const MOST_BEGINNINGS = 32

/**
 * Returns all forms in which a secret can occur in a text: as it is, in JSON, in a URL, in HTML, in
 * base64, and as Node prints it, each with and without the whitespace around the secret. Returns
 * none for a value that is too short to be a secret.
 */
export function formsOf(secret: string): SecretForm[] {
  // Programs that use a secret trim the whitespace that was pasted with it.
  const trimmed = secret.trim()
  if (trimmed.length < SHORTEST_SECRET) return []
  const lines = secret.split(/\r?\n/).map(line => line.trim())
  const parts = lines.length === 1 ? [] : lines.filter(line => line.length >= SHORTEST_LINE)
  return [...new Set([secret, trimmed, ...parts].flatMap(piecesOf))].flatMap(text => [
    Array.from(text, writtenForms),
    ...base64Forms(Buffer.from(text)),
    // The function btoa() in pages encodes one byte for each character.
    ...(LATIN_1_BEYOND_ASCII.test(text) ? base64Forms(Buffer.from(text, 'latin1')) : []),
  ])
}

/** Matches text in Latin-1 that is not ASCII only, so that its bytes differ in UTF-8. */
const LATIN_1_BEYOND_ASCII = /^(?=.*[\x80-\xff])[\x00-\xff]*$/s

/**
 * Splits a text that is very repetitive, such as a long run of one character, because a search
 * would have to follow too many of its prefixes at once. Each piece then counts as a secret and is
 * redacted. Any other text is returned as the only piece.
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
 * Returns the maximum number of prefixes of a text that end at the same position of that text, by
 * the failure function of the Knuth-Morris-Pratt algorithm.
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
 * Returns the base64 forms of a value within any encoded text. Three bytes make four characters, so
 * there is one form for each of the three alignments of the value. The first character is left out
 * if it also encodes bits of the byte before the value, except for the shortest values.
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
    // The last character is redacted too, but is optional, because a text can end before it.
    if (whole.length >= SHORTEST_BASE64) return [...whole, ...after.map(characters => [...characters, ''])]
    const before = first * 6 === from ? [] : [anyHigh(encoded.charAt(first - 1), first * 6 - from)]
    return [...before, ...whole, ...after]
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Returns the base64 characters that have the same lowest `bits` bits as `character`. */
const anyHigh = (character: string, bits: number): readonly string[] =>
  charactersLike(ALPHABET.indexOf(character) % 2 ** bits, value => value % 2 ** bits, `high ${bits}`)

/**
 * Returns the base64 characters that differ from `character` in no more than the lowest `bits`
 * bits.
 */
const anyLow = (character: string, bits: number): readonly string[] => {
  const facet = (value: number) => Math.floor(value / 2 ** bits)
  return charactersLike(facet(ALPHABET.indexOf(character)), facet, `low ${bits}`)
}

/**
 * Cached lists of base64 characters, shared by the forms of all secrets. There are a few hundred.
 */
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
 * Returns the written forms of a base64 character. URL-safe base64 replaces "+" and "/" with "-"
 * and "_", and JSON and URLs may escape "+" and "/".
 */
const base64Character = (character: string): readonly string[] =>
  character === '+'
    ? [...writtenForms('+'), '-']
    : character === '/'
      ? [...writtenForms('/'), '_']
      : [character]
