import { inspect } from 'node:util'
import t from 'tap'
import { KnownSecrets, REDACTED, redactJsonText } from '../../../lib/core/secrets/known-secrets.ts'
import { RedactedStream } from '../../../lib/core/secrets/redact-stream.ts'

/** Signs that each way of writing escapes, and letters beyond ASCII. */
const SECRET = `p&"ss'\\wörd/<7>+ x`

const base64 = (text: string) => Buffer.from(text).toString('base64')

const FORMS: Readonly<Record<string, string>> = {
  raw: SECRET,
  JSON: JSON.stringify(SECRET).slice(1, -1),
  'JSON in JSON': JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
  address: encodeURIComponent(SECRET),
  'address in lower case': encodeURIComponent(SECRET).replace(/%../g, sign => sign.toLowerCase()),
  form: new URLSearchParams({ x: SECRET }).toString().slice(2),
  markup: SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  inspected: inspect(SECRET).slice(1, -1),
  base64: base64(SECRET),
  base64url: Buffer.from(SECRET).toString('base64url'),
}

t.test('a secret is redacted in every form in which it can stand', async t => {
  const secrets = new KnownSecrets([SECRET])
  for (const [name, form] of Object.entries(FORMS)) {
    t.notOk(secrets.redact(`a ${form} b`).includes(form), name)
    t.ok(secrets.holds(form), name)
  }
  t.equal(secrets.redact(`a ${SECRET} b`), `a ${REDACTED} b`)
})

t.test('base64 of a text that holds a secret is redacted, wherever the secret begins', async t => {
  const secrets = new KnownSecrets(['hunter2-hunter2'])
  for (const user of ['a', 'ab', 'abc', 'abcd'])
    t.match(
      secrets.redact(`Basic ${base64(`${user}:hunter2-hunter2;`)} end`),
      /^Basic [\w]{0,7}\*\*\*[\w=]{0,4} end$/,
      user,
    )
})

t.test('each long line of a secret with several lines is one, and a short value is none', async t => {
  const key = '-----BEGIN KEY-----\nMIIBVQIBADANBgkq\nshort\n-----END KEY-----\n'
  const secrets = new KnownSecrets([key, 'abc', '   '])
  t.equal(secrets.redact('at MIIBVQIBADANBgkq, short abc'), `at ${REDACTED}, short abc`)
  t.equal(secrets.redact(`${key} is it`), `${REDACTED} is it`)
})

t.test('a secret that begins with another one is redacted as a whole', async t => {
  const secrets = new KnownSecrets(['hunter2'])
  secrets.add(['hunter2-long'])
  t.equal(secrets.redact('x hunter2-long y hunter2z'), `x ${REDACTED} y ${REDACTED}z`)
})

t.test('output that is written in two pieces is redacted wherever it is split', async t => {
  const secrets = new KnownSecrets([SECRET, 'abcab', 'hunter2', 'hunter2-long'])
  for (const form of [...Object.values(FORMS), 'abcab', 'hunter2-long']) {
    const text = Buffer.from(`before ${form} after\n`)
    const leaks = []
    for (let at = 0; at <= text.length; at++) {
      const stream = new RedactedStream(secrets)
      const output = stream.write(text.subarray(0, at)) + stream.write(text.subarray(at)) + stream.end()
      if (!/^before \*\*\*[=/]{0,2} after\n$/.test(output)) leaks.push(`${at}: ${output}`)
    }
    t.same(leaks, [], form)
  }
})

t.test('output is held back only while it can be the beginning of a secret', async t => {
  const stream = new RedactedStream(new KnownSecrets(['hunter2']))
  t.equal(stream.write('the hunt'), 'the ')
  t.equal(stream.write('er\n'), 'hunter\n')
  t.equal(stream.write('a hunter'), 'a ')
  t.equal(stream.end(), 'hunter')
})

t.test('output that arrives letter by letter is redacted', async t => {
  const stream = new RedactedStream(new KnownSecrets([SECRET, 'hunter2']))
  const pieces = Array.from(`${SECRET}, hunter2hunter2.`, letter => stream.write(letter))
  t.equal(pieces.join('') + stream.end(), `${REDACTED}, ${REDACTED}${REDACTED}.`)
})

t.test('a JSON text keeps its structure, its numbers and what its reader needs', async t => {
  const secrets = new KnownSecrets(['before', '77341199'])
  const text = JSON.stringify({ type: 'before', at: 77341199, list: ['x before', { 'a before': null }] })
  t.same(JSON.parse(redactJsonText(text, secrets, new Set(['type']))), {
    type: 'before',
    at: 77341199,
    list: [`x ${REDACTED}`, { [`a ${REDACTED}`]: null }],
  })
})

t.test('the time for a text grows with its length, not faster', async t => {
  const secrets = new KnownSecrets(Array.from({ length: 40 }, (_, i) => `a${i}b${'a'.repeat(40)}c`))
  const text = 'a'.repeat(2_000_000)
  const startedAt = performance.now()
  t.equal(secrets.redact(text).length, text.length)
  const stream = new RedactedStream(secrets)
  for (let at = 0; at < text.length; at += 1_000) stream.write(text.slice(at, at + 1_000))
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < 20_000, `${Math.round(tookMs)} ms`)
})
