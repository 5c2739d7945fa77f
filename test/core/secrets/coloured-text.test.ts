import { inspect } from 'node:util'
import t from 'tap'
import { UncolouredText, withoutColours } from '../../../lib/core/secrets/coloured-text.ts'
import { KnownSecrets, REDACTED, redactJsonText } from '../../../lib/core/secrets/known-secrets.ts'
import { RedactedStream } from '../../../lib/core/secrets/redact-stream.ts'
import { growsLinearly } from '../../helpers/processes/cpu-growth.ts'

const SECRET = 'Tr0ub4dor&XYZ'
const secrets = new KnownSecrets([SECRET])

/**
 * Returns the secret as Node's assertions write a difference: with a code before and after each
 * character.
 */
const coloured = (colour: string) =>
  Array.from(SECRET, character => `\u001b[${colour}m${character}\u001b[39m`).join('')

const FORMS: Readonly<Record<string, string>> = {
  'a colour for each character': coloured('39'),
  'colours of 24 bits': coloured('38;2;255;120;0'),
  'colours with colons': coloured('38:2::255:120:0'),
  'one colour within it': `Tr0u\u001b[31mb4dor&XYZ`,
  'a hit of grep': `Tr0u\u001b[01;31m\u001b[Kb4d\u001b[m\u001b[Kor&XYZ`,
  'a sign for each colour': Array.from(SECRET).join('␛'),
  'a code of C1': `Tr0u\u009b31mb4dor&XYZ`,
  'JSON with colours': JSON.stringify(coloured('39')).slice(1, -1),
  'JSON in JSON with colours': JSON.stringify(JSON.stringify(coloured('39'))).slice(3, -3),
  'inspected colours': inspect(coloured('39')).slice(1, -1),
  'an escaped sign between colours': coloured('39').replace('&', '&amp;'),
}

t.test('finds a secret with colours in it', async t => {
  for (const [name, text] of Object.entries(FORMS)) {
    t.ok(secrets.holds(`before ${text} behind`), `${name}: the secret is found`)
    const redacted = withoutColours(secrets.redact(`before ${text} behind`))
    t.match(redacted, /^before \S*\*{3}\S* behind$/, name)
    t.notMatch(redacted, /Tr0|b4d|YZ/, name)
  }
})

t.test('keeps the colour of the text after a secret', async t => {
  t.equal(secrets.redact(`\u001b[31mTr0ub4\u001b[39mdor&XYZ!`), `\u001b[31m${REDACTED}\u001b[39m!`)
})

t.test('redacts a coloured secret in pieces of any size', async t => {
  for (const text of Object.values(FORMS))
    for (let size = 1; size < 40; size++) {
      const stream = new RedactedStream(secrets)
      let written = ''
      for (let at = 0; at < text.length; at += size) written += stream.write(text.slice(at, at + size))
      t.notMatch(written + stream.end(), /Tr0|b4d|YZ/, `${JSON.stringify(text)} in pieces of ${size}`)
    }
})

t.test('a cut leaves no part of a coloured secret', async t => {
  const text = `before ${coloured('39')} behind`
  for (let limit = 0; limit <= text.length; limit++) {
    const head = withoutColours(secrets.redact(secrets.head(text, limit)))
    const tail = withoutColours(secrets.redact(secrets.tail(text, limit)))
    t.notMatch(head, /T$|Tr/, `the first ${limit} characters`)
    t.notMatch(tail, /^(?!\*).*Z/, `the last ${limit} characters`)
  }
})

t.test('redacts a JSON document whose texts have colours', async t => {
  t.equal(redactJsonText(JSON.stringify({ text: `is ${coloured('39')}` }), secrets).includes('4'), false)
})

t.test('finds a secret that looks like a colour code', async t => {
  const known = new KnownSecrets(['ab\u001b[31mcd', '12345678'])
  t.equal(known.redact('ab\u001b[31mcd'), `${REDACTED}\u001b[31m`)
  t.equal(known.redact('\u001b[12345678m'), `\u001b[${REDACTED}m`)
})

t.test('writes endless colour codes after the beginning of a secret', async t => {
  const stream = new RedactedStream(secrets)
  let written = 0
  for (let times = 0; times < 1_000; times++) written += stream.write(`Tr${'\u001b[39m'.repeat(100)}`).length
  t.ok(written > 490_000, `${written} of 502,000 characters were written`)
})

t.test('searches a text for colours in linear time', async t => {
  const pumps = [
    ...['\u001b', '\u001b[', '\u001b[1', '\u001b[1;', '\u001b[m', '\u001b[mT', '\u241b', '\u009b1', '1', ';'],
    ...['\\', '\\u', '\\u001b', '\\u001b[', '\\u001b[1', '\\u001b[m', '\\x1b[', '\\\\x1b[m', 'T\u001b[39m'],
  ]
  t.strictSame(
    pumps.filter(pump => !growsLinearly(text => UncolouredText.of(text, 0, true), pump)),
    [],
  )
  t.strictSame(
    pumps.filter(pump => !growsLinearly(text => secrets.redact(text), pump)),
    [],
  )
})
