import { inspect } from 'node:util'
import t from 'tap'
import { KnownSecrets, REDACTED, redactJsonText } from '../../../lib/core/secrets/known-secrets.ts'
import { RedactedStream } from '../../../lib/core/secrets/redact-stream.ts'

/** Characters that each way of writing escapes, and letters beyond ASCII. */
const SECRET = `p&"ss'\\wörd/<7>+ x`

const base64 = (text: string) => Buffer.from(text).toString('base64')

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
const inSlashedJson = (text: string) => inJson(text).replaceAll('/', '\\/')
const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16)
const unit = (character: string) => `\\u${hex(character).padStart(4, '0')}`
const upperUnit = (character: string) => `\\u${hex(character).toUpperCase().padStart(4, '0')}`
const number = (character: string) => `&#${character.codePointAt(0) ?? 0};`
const padded = (character: string) => `&#${String(character.codePointAt(0) ?? 0).padStart(3, '0')};`
const hexNumber = (character: string) => `&#x${hex(character)};`
const upperHexNumber = (character: string) => `&#x${hex(character).toUpperCase()};`
const percent = (character: string) => encodeURIComponent(character)
const NAMES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '/': '&sol;', '+': '&plus;' },
  ...{ ö: '&ouml;' },
}

/**
 * Writers of JSON, markup and addresses that this project does not use, by the characters and form
 * of their escapes.
 */
const FOREIGN_FORMS: Readonly<Record<string, string>> = {
  'JSON with escaped slashes': inJson(SECRET).replaceAll('/', '\\/'),
  'JSON with escaped slashes in JSON': inJson(inJson(SECRET).replaceAll('/', '\\/')),
  'JSON with escaped slashes in JSON with escaped slashes': inSlashedJson(inSlashedJson(SECRET)),
  'JSON for markup': inJson(SECRET).replaceAll(/[&<>']/g, unit),
  'JSON for markup in upper case': inJson(SECRET).replaceAll(/[&<>']/g, upperUnit),
  'JSON for markup in JSON': inJson(inJson(SECRET).replaceAll(/[&<>']/g, unit)),
  'JSON in ASCII': inJson(SECRET).replaceAll(/[^ -~]/g, unit),
  'JSON in ASCII in upper case': inJson(SECRET).replaceAll(/[^ -~]/g, upperUnit),
  'JSON with every escape': SECRET.replaceAll(/[^a-z0-9]/gi, upperUnit),
  'markup by numbers': SECRET.replaceAll(/[&<>"']/g, number),
  'markup by numbers of three digits': SECRET.replaceAll(/[&<>"']/g, padded),
  'markup by hexadecimal numbers': SECRET.replaceAll(/[&<>"']/g, hexNumber),
  'markup by upper-case hexadecimal numbers': SECRET.replaceAll(/[&<>"'ö]/g, upperHexNumber),
  'markup by names': SECRET.replaceAll(/[&<>"'/+ö]/g, character => NAMES[character] ?? ''),
  'markup with every character by number': SECRET.replaceAll(/[^a-z0-9]/gi, number),
  'JSON in an attribute': inJson(SECRET).replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  'JSON in an address': percent(inJson(SECRET)),
  'address in an address': percent(percent(SECRET)),
  'base64 in JSON with escaped slashes': base64(SECRET).replaceAll('/', '\\/'),
  'base64 in an address': percent(base64(SECRET)),
}

/**
 * Returns a text with the bytes of windows-1252 as percent escapes, because pages of that encoding
 * send forms in this way.
 */
const inLegacyAddress = (text: string, escape = '%') =>
  text.replaceAll(
    /[^a-z0-9]/gi,
    sign => `${escape}${(WINDOWS_1252[sign] ?? hex(sign).padStart(2, '0')).toUpperCase()}`,
  )

const WINDOWS_1252: Readonly<Record<string, string>> = { '€': '80', '’': '92' }

t.test('redacts a secret as written by pages in a one-byte encoding and by old functions', async t => {
  const secret = 'Zürich-è-’geheim’-€=7'
  const secrets = new KnownSecrets([
    secret,
    'naïve-pässwörd',
    'ł-w-starym-formularzu',
    'del\x7f-next\x85-line',
  ])
  for (const [name, form] of Object.entries({
    'form of a page in windows-1252': inLegacyAddress(secret),
    'form of a page in windows-1252 in lower case': inLegacyAddress(secret).replaceAll(/%../g, sign =>
      sign.toLowerCase(),
    ),
    'form of a page in windows-1252 in an address': inLegacyAddress(secret, '%25'),
    'form in ISO-8859-1 with a character that it lacks': percent(
      'ł-w-starym-formularzu'.replace('ł', number),
    ),
    'escape()': 'Z%FCrich-%E8-%u2019geheim%u2019-%u20AC%3D7',
    'escape() of one-byte characters': 'na%EFve-p%E4ssw%F6rd',
    'btoa()': btoa('naïve-pässwörd'),
    'address with escapes in lower case in an address': percent(
      percent(secret).replaceAll(/%../g, sign => sign.toLowerCase()),
    ),
    'escapes of one-byte characters': secret.replaceAll(/[-=ü]/g, sign => `\\x${hex(sign)}`),
    'printed control characters': 'del\\x7F-next\\x85-line',
  })) {
    t.notOk(secrets.redact(`a ${form} b`).includes(form), `${name}: ${form}`)
    t.ok(secrets.holds(form), name)
  }
  for (const user of ['a', 'ab', 'abc']) {
    const redacted = secrets.redact(`Token ${btoa(`${user}:naïve-pässwörd;`)} end`)
    t.match(redacted, /^Token \w{0,7}\*\*\*[\w=]{0,4} end$/, redacted)
  }
})

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
  ...FOREIGN_FORMS,
}

t.test('redacts every written form of a secret', async t => {
  const secrets = new KnownSecrets([SECRET])
  for (const [name, form] of Object.entries(FORMS)) {
    t.notOk(secrets.redact(`a ${form} b`).includes(form), name)
    t.ok(secrets.holds(form), name)
  }
  t.equal(secrets.redact(`a ${SECRET} b`), `a ${REDACTED} b`)
})

t.test('redacts base64 of a text with a secret at any offset', async t => {
  const secrets = new KnownSecrets(['hunter2-hunter2'])
  for (const user of ['a', 'ab', 'abc', 'abcd'])
    t.match(
      secrets.redact(`Basic ${base64(`${user}:hunter2-hunter2;`)} end`),
      /^Basic [\w]{0,7}\*\*\*[\w=]{0,4} end$/,
      user,
    )
})

t.test('redacts base64 of a text with a four-byte secret at any offset', async t => {
  const secrets = new KnownSecrets(['77+?', 'zx9Q'])
  const leaks = ['77+?', 'zx9Q'].flatMap(secret =>
    ['', 'a', 'ab', 'abc', 'abcd', 'abcde'].flatMap(before =>
      ['', ';', ';;', ';;;'].flatMap(after => {
        const text = base64(`${before}${secret}${after}`)
        return secrets.redact(text).includes(REDACTED) ? [] : [text]
      }),
    ),
  )
  t.strictSame(leaks, [])
})

t.test('redacts a secret until its last holder releases it', async t => {
  const secrets = new KnownSecrets(['hunter2'])
  const [first, second] = [secrets.hold(['correct horse', 'hunter2']), secrets.hold(['correct horse'])]
  first()
  first()
  t.equal(secrets.redact('correct horse, hunter2'), `${REDACTED}, ${REDACTED}`)
  second()
  t.equal(secrets.redact('correct horse, hunter2'), `correct horse, ${REDACTED}`)
  t.notOk(secrets.holds(base64('correct horse')), 'no form of the secret remains')
  secrets.add(['correct horse'])
  secrets.hold(['correct horse'])()
  t.ok(secrets.holds('correct horse'), 'an added secret stays')
})

t.test('an excerpt ends with no part of a secret, wherever the text is cut', async t => {
  const secrets = new KnownSecrets(['hunter2-hunter2', 'x'.repeat(900)])
  for (let before = 0; before < 90; before++) {
    const text = `${'-'.repeat(before)}hunter2-hunter2${'-'.repeat(90 - before)}`
    t.notMatch(secrets.redact(secrets.head(text, 80)), 'h', `${before} characters before the secret`)
    t.notMatch(secrets.redact(secrets.tail(text, 80)), '2', `${90 - before} characters after the secret`)
  }
  const long = Array.from({ length: 900 }, (_, i) => `x${i * i * 7}`).join('')
  t.equal(new KnownSecrets([long]).head(`a ${long}`, 80), 'a ', 'the end of a long secret was not read')
  t.equal(
    secrets.head('a hunter2-hunter2 b', 18),
    'a hunter2-hunter2 ',
    'a complete secret stays, to be redacted',
  )
  t.equal(secrets.tail('a hunter2-hunter2 b', 18), ' hunter2-hunter2 b')
  t.equal(secrets.head('a hunter', 8), 'a hunter')
})

t.test('releases secrets with a common beginning as quickly as it holds them', async t => {
  const secrets = new KnownSecrets()
  const startedAt = performance.now()
  const release = secrets.hold(Array.from({ length: 24_000 }, (_, i) => `TCK-2026-${i}`))
  const heldAt = performance.now()
  release()
  const [heldMs, releasedMs] = [heldAt - startedAt, performance.now() - heldAt]
  t.ok(releasedMs < 3 * heldMs, `released in ${releasedMs.toFixed(0)} ms, held in ${heldMs.toFixed(0)} ms`)
})

t.test('adds and releases a secret in constant time, however many are known', async t => {
  const secrets = new KnownSecrets(Array.from({ length: 8_000 }, (_, i) => `a secret with number ${i}`))
  const startedAt = performance.now()
  for (let i = 0; i < 100; i++) {
    const release = secrets.hold([`another one with number ${i}`])
    t.equal(secrets.redact(`another one with number ${i}`), REDACTED)
    release()
  }
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < 5_000, `${Math.round(tookMs)} ms`)
})

t.test('redacts each long line of a secret with several lines, but no short value', async t => {
  const key = '-----BEGIN KEY-----\nMIIBVQIBADANBgkq\nshort\n-----END KEY-----\n'
  const secrets = new KnownSecrets([key, 'abc', '   '])
  t.equal(secrets.redact('at MIIBVQIBADANBgkq, short abc'), `at ${REDACTED}, short abc`)
  t.equal(secrets.redact(`${key} is it`), `${REDACTED} is it`)
})

t.test('redacts a secret that begins with another secret completely', async t => {
  const secrets = new KnownSecrets(['hunter2'])
  secrets.add(['hunter2-long'])
  t.equal(secrets.redact('x hunter2-long y hunter2z'), `x ${REDACTED} y ${REDACTED}z`)
})

t.test('redacts output in two pieces, wherever it is split', async t => {
  const secrets = new KnownSecrets([SECRET, 'abcab', 'hunter2', 'hunter2-long'])
  for (const form of [...Object.values(FORMS), 'abcab', 'hunter2-long']) {
    const text = Buffer.from(`before ${form} after\n`)
    const leaks = []
    for (let at = 0; at <= text.length; at++) {
      const stream = new RedactedStream(secrets)
      const output = stream.write(text.subarray(0, at)) + stream.write(text.subarray(at)) + stream.end()
      if (!/^before \*\*\*(?:=|%3D|\/){0,2} after\n$/.test(output)) leaks.push(`${at}: ${output}`)
    }
    t.same(leaks, [], form)
  }
})

t.test('delays output only while it may be the beginning of a secret', async t => {
  const stream = new RedactedStream(new KnownSecrets(['hunter2']))
  t.equal(stream.write('the hunt'), 'the ')
  t.equal(stream.write('er\n'), 'hunter\n')
  t.equal(stream.write('a hunter'), 'a ')
  t.equal(stream.end(), 'hunter')
})

t.test('redacts output that arrives character by character', async t => {
  const stream = new RedactedStream(new KnownSecrets([SECRET, 'hunter2']))
  const pieces = Array.from(`${SECRET}, hunter2hunter2.`, letter => stream.write(letter))
  t.equal(pieces.join('') + stream.end(), `${REDACTED}, ${REDACTED}${REDACTED}.`)
})

t.test('redacting a JSON text keeps its structure, its numbers and the required fields', async t => {
  const secrets = new KnownSecrets(['before', '77341199'])
  const text = JSON.stringify({ type: 'before', at: 77341199, list: ['x before', { 'a before': null }] })
  t.same(JSON.parse(redactJsonText(text, secrets, { type: true })), {
    type: 'before',
    at: 77341199,
    list: [`x ${REDACTED}`, { [`a ${REDACTED}`]: null }],
  })
})

t.test('redacts a text in linear time', async t => {
  const secrets = new KnownSecrets(Array.from({ length: 40 }, (_, i) => `a${i}b${'a'.repeat(40)}c`))
  const text = 'a'.repeat(2_000_000)
  const startedAt = performance.now()
  t.equal(secrets.redact(text).length, text.length)
  const stream = new RedactedStream(secrets)
  for (let at = 0; at < text.length; at += 1_000) stream.write(text.slice(at, at + 1_000))
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < 20_000, `${Math.round(tookMs)} ms`)
})

t.test('keeps a field at its own place only, not under the same name elsewhere', t => {
  const secrets = new KnownSecrets(['correct horse'])
  const kept = { callId: true, snapshot: { pageId: true } } as const
  const line = {
    callId: 'correct horse',
    pageId: 'correct horse',
    snapshot: { pageId: 'correct horse', callId: 'correct horse', deep: { pageId: 'correct horse' } },
    html: ['DIV', { callId: 'correct horse', snapshot: { pageId: 'a correct horse' } }],
    list: [{ callId: 'correct horse' }],
    constructor: 'correct horse',
  }
  t.strictSame(JSON.parse(redactJsonText(JSON.stringify(line), secrets, kept)), {
    callId: 'correct horse',
    pageId: REDACTED,
    snapshot: { pageId: 'correct horse', callId: REDACTED, deep: { pageId: REDACTED } },
    html: ['DIV', { callId: REDACTED, snapshot: { pageId: `a ${REDACTED}` } }],
    list: [{ callId: REDACTED }],
    constructor: REDACTED,
  })
  const nested = JSON.stringify({ callId: { callId: 'correct horse' }, snapshot: ['correct horse'] })
  t.strictSame(JSON.parse(redactJsonText(nested, secrets, kept)), {
    callId: { callId: REDACTED },
    snapshot: [REDACTED],
  })
  t.end()
})

t.test('ignores the whitespace around a secret', async t => {
  for (const secret of ['abcd1234efgh ', ' abcd1234efgh', 'abcd1234\n', '\tabcd\r\n'])
    t.equal(
      new KnownSecrets([secret]).redact(`is "${secret.trim()}"`),
      `is "${REDACTED}"`,
      JSON.stringify(secret),
    )
})
