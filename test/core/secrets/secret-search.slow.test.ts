import t from 'tap'
import { KnownSecrets, REDACTED } from '../../../lib/core/secrets/known-secrets.ts'
import { formsOf } from '../../../lib/core/secrets/secret-forms.ts'
import type { SecretForm } from '../../../lib/core/secrets/secret-forms.ts'
import { writtenForms } from '../../../lib/core/secrets/written-forms.ts'
import { randomFrom } from '../../fault/random.ts'
import { shortOrLong } from '../../helpers/long-form.ts'

const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(20)}-----END PRIVATE KEY-----`

interface Hostile {
  readonly secrets: readonly string[]
  /** Text that a page repeats. */
  readonly text: string
  /** Limit of a node's visits for each character of the text. */
  readonly most: number
}

const HOSTILE: readonly Hostile[] = [
  { secrets: [PEM], text: '-', most: 12 },
  { secrets: [PEM], text: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n', most: 12 },
  { secrets: [`${'!'.repeat(24)}x`], text: '!', most: 60 },
  { secrets: ['!'.repeat(24)], text: '!%21&excl;\\u0021', most: 60 },
  { secrets: ['/'.repeat(30)], text: '/', most: 66 },
  { secrets: ['\\'.repeat(30)], text: '\\', most: 66 },
  { secrets: [`${'%'.repeat(30)}x`], text: '%25', most: 66 },
  { secrets: [`+${' '.repeat(30)}x`], text: '+', most: 66 },
  { secrets: ['!'.repeat(5_000)], text: '!', most: 200 },
  { secrets: [`${'ab!'.repeat(2_000)}c`], text: 'ab!', most: 200 },
  { secrets: ['P@ss!word#2024-Shop'], text: 'P@ss!word#2024-Sho', most: 12 },
  {
    secrets: Array.from({ length: 300 }, (_, i) => `eyJhbGciOiJIUzI1NiJ9.${i}-${i * 7_919}-sign`),
    text: 'eyJhbGciOiJIUzI1NiJ9.',
    most: 12,
  },
]

t.test('searches in linear time, whatever the text and the secrets repeat', async t => {
  for (const { secrets, text, most } of HOSTILE) {
    const known = new KnownSecrets(secrets)
    for (const length of shortOrLong([2_000, 40_000], [2_000, 20_000, 140_000])) {
      const before = known.visits
      known.redact(text.repeat(Math.ceil(length / text.length)).slice(0, length))
      const each = (known.visits - before) / length
      t.ok(each <= most, `${each.toFixed(1)} visits per character of "${text.slice(0, 20)}" × ${length}`)
    }
  }
})

t.test('searches repetitive output in pieces with the same amount of work', async t => {
  for (const { secrets, text, most } of HOSTILE) {
    const known = new KnownSecrets(secrets)
    const all = text.repeat(Math.ceil(100_000 / text.length))
    let rest = ''
    for (let at = 0; at < all.length; at += 16_384)
      rest = known.redactBeginning(rest + all.slice(at, at + 16_384)).rest
    const each = known.visits / all.length
    t.ok(each <= 2 * most, `${each.toFixed(1)} visits per character of "${text.slice(0, 20)}"`)
  }
})

t.test('redacts a long repetitive secret except for less than one piece', async t => {
  const secrets = new KnownSecrets(['=-'.repeat(400), `head-of-it${'!'.repeat(500)}end-of-it`])
  t.match(secrets.redact(`a ${'=-'.repeat(400)} b`), /^a (?:\*\*\*)+ b$/)
  t.match(secrets.redact(`a head-of-it${'!'.repeat(500)}end-of-it b`), /^a (?:\*\*\*)+ b$/)
  const encoded = Buffer.from(`x${'=-'.repeat(400)}`).toString('base64')
  t.ok(secrets.redact(encoded).replaceAll('*', '').length < 100)
})

/**
 * Returns the end of the longest match of a form at a place, and `isOpen`: true if the text ends
 * within a match. Reads the text without state.
 */
function matchOf(form: SecretForm, text: string, at: number, part = 0): { end: number; isOpen: boolean } {
  let end = part === form.length ? at : -1
  let isOpen = false
  for (const written of form[part] ?? []) {
    if (text.length - at < written.length) isOpen ||= written.startsWith(text.slice(at))
    else if (text.startsWith(written, at)) {
      const rest = matchOf(form, text, at + written.length, part + 1)
      end = Math.max(end, rest.end)
      isOpen ||= rest.isOpen
    }
  }
  return { end, isOpen }
}

/** Redacts place by place with the same result as `redactBeginning`. */
function redactedByPlaces(forms: readonly SecretForm[], text: string): { redacted: string; rest: string } {
  let redacted = ''
  for (let at = 0; at < text.length;) {
    const matches = forms.map(form => matchOf(form, text, at))
    if (matches.some(({ isOpen }) => isOpen)) return { redacted, rest: text.slice(at) }
    const end = Math.max(-1, ...matches.map(match => match.end))
    redacted += end === -1 ? text.charAt(at) : REDACTED
    at = Math.max(at + 1, end)
  }
  return { redacted, rest: '' }
}

const SEEDS = shortOrLong(60, 300)

/** Characters that stand for others in some way of writing, or begin such a form. */
const ALPHABETS = ['!', '\\', '/\\', 'ab', '+ ', '-a\n', '%&;', 'aA+/=', 'é😀!', '%25', 'ab/+ \\"&']

t.test('the search finds the same as a search at each place', async t => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomFrom(seed)
    const below = (limit: number) => Math.floor(random() * limit)
    const pick = <T>(list: readonly T[]): T => {
      const item = list[below(list.length)]
      if (item === undefined) throw new Error('an empty list')
      return item
    }
    const alphabet = Array.from(pick(ALPHABETS))
    const word = (length: number) => Array.from({ length }, () => pick(alphabet)).join('')
    const secrets = Array.from({ length: 1 + below(3) }, () => word(4 + below(5)))
    const pieces = [
      () => word(below(9)),
      () => Array.from(pick(secrets), character => pick(writtenForms(character))).join(''),
      () => Buffer.from(`${'xyz'.slice(below(4))}${pick(secrets)}`).toString('base64url'),
      () => pick(secrets).slice(0, below(8)),
    ]
    // A backslash at the end can begin a colour, and holds back more than forms do.
    const text = Array.from({ length: below(6) }, () => pick(pieces)())
      .join('')
      .replace(/\\$/, '\\é')
    const known = new KnownSecrets(secrets)
    // Forgotten secrets leave nothing in the tree.
    known.hold([word(6), `${word(5)}!`])()
    t.strictSame(
      known.redactBeginning(text),
      redactedByPlaces(secrets.flatMap(formsOf), text),
      `seed ${seed}`,
    )
  }
})

t.test('finds a secret across the boundaries of the parts of a long text', async t => {
  const secrets = new KnownSecrets(['correct horse battery'])
  for (let before = 65_510; before < 65_540; before++) {
    const text = `${'c'.repeat(before)}correct horse battery${'y'.repeat(70_000)}`
    const redacted = secrets.redact(text)
    t.equal(
      redacted.length,
      text.length - 'correct horse battery'.length + REDACTED.length,
      `${before} characters before the secret`,
    )
    t.ok(secrets.holds(text))
  }
})
