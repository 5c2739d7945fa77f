import t from 'tap'
import {
  redactAddresses,
  redactHeaders,
  redactJson,
  redactText,
  redactorOf,
  REDACTED,
  secretsOfEnvironment,
  secretsOfInput,
} from '../../../lib/core/text/redact.ts'

t.test('removes credentials and token-like parameters from an address, and nothing else', async t => {
  for (const [address, redacted] of [
    ['https://ada:word@shop.test/cart?page=2', 'https://***@shop.test/cart?page=2'],
    ['http://shop.test/?access_token=a1b2&q=wine', 'http://shop.test/?access_token=***&q=wine'],
    ['http://shop.test/?q=wine&api_key=x#id_token=y', 'http://shop.test/?q=wine&api_key=***#id_token=***'],
    ['http://shop.test/cb?code=4%2F0A&state=abc', 'http://shop.test/cb?code=***&state=***'],
    [
      'http://shop.test/?X-Amz-Signature=abc&X-Amz-Date=1',
      'http://shop.test/?X-Amz-Signature=***&X-Amz-Date=1',
    ],
    ['http://shop.test/tokens/list?page=2', 'http://shop.test/tokens/list?page=2'],
  ] as const)
    t.equal(redactAddresses(address), redacted)
})

t.test('redacting a line of JSON keeps it valid', async t => {
  const line = {
    url: 'http://ada:"word@shop.test/?token="x"&a=1',
    text: 'Bearer abcdefghijk, eyJhbGciOi.eyJzdWIiOi.sig-nature',
    list: ['?password=a\\b', 'http://u:p@x/'],
  }
  const read: unknown = JSON.parse(redactAddresses(JSON.stringify(line)))
  t.match(read, { text: 'Bearer ***, ***', list: [/^\?password=\*\*\*/, 'http://***@x/'] })
})

t.test('redacts the values of secret headers, and keeps their names', async t => {
  t.same(
    redactHeaders({ Cookie: 'a=b', 'Proxy-Authorization': 'Basic x', 'X-Api-Key': 'k', Accept: 'text/html' }),
    [
      { name: 'Cookie', value: '***' },
      { name: 'Proxy-Authorization', value: '***' },
      { name: 'X-Api-Key', value: '***' },
      { name: 'Accept', value: 'text/html' },
    ],
  )
})

t.test('redacts the values after secret names in a text', async t => {
  t.equal(redactText('signed in, token=abc, sessionId: "d e"'), 'signed in, token=***, sessionId: "*** e"')
  t.equal(redactText('the password is wrong'), 'the password is wrong')
  t.equal(redactText('author: Verga, inside: 3'), 'author: Verga, inside: 3')
})

t.test('redacts a known secret in any written form, the longest first', t => {
  const redact = redactorOf(['hunter2', 'hunter2-long', 'a b/"c"', 'abc'])
  t.equal(redact('x hunter2-long y hunter2z'), `x ${REDACTED} y ${REDACTED}z`)
  t.equal(
    redact(`of a b/"c", ${encodeURIComponent('a b/"c"')} ${JSON.stringify('a b/"c"')}`),
    `of ${REDACTED}, ${REDACTED} "${REDACTED}"`,
  )
  t.equal(redact('abc'), 'abc', 'too short for a secret')
  t.equal(redact('authorization: Bearer abcdefgh'), `authorization: ${REDACTED} ${REDACTED}`)
  t.end()
})

t.test('redacts fields with secret names in a document, and keeps its structure', t => {
  const redact = redactorOf(['hunter2'])
  t.strictSame(
    redactJson(
      {
        ...{ password: 'x', sessions: [{ cookie: 1, name: 'of hunter2' }], auth: { url: 'a' }, token: null },
        ...{ author: 'Verga', authorization: 'x', president: 'y' },
      },
      redact,
    ),
    {
      password: REDACTED,
      sessions: [{ cookie: REDACTED, name: `of ${REDACTED}` }],
      auth: { url: 'a' },
      token: null,
      author: 'Verga',
      authorization: REDACTED,
      president: 'y',
    },
  )
  t.end()
})

t.test('redacts everything under a secret name in a document, at any depth', async t => {
  const redact = redactorOf([])
  t.strictSame(
    redactJson(
      {
        credentials: { user: 'ada', pins: [1, true, null], rest: [] },
        accessKey: 'x',
        PRIVATE_KEY: { pem: 'y' },
        list: [{ passwords: ['z'] }],
      },
      redact,
    ),
    {
      credentials: { user: REDACTED, pins: [REDACTED, REDACTED, null], rest: [] },
      accessKey: REDACTED,
      PRIVATE_KEY: { pem: REDACTED },
      list: [{ passwords: [REDACTED] }],
    },
  )
})

t.test('finds secrets in an input by the names of variables, at any depth', async t => {
  for (const name of [
    'token',
    'client_secret',
    'passwords',
    'passphrase',
    'apiKey',
    'accessKey',
    'privateKey',
    'PRIVATE_KEY',
    'aws_access_key_id',
    'credentials',
  ]) {
    const found = (value: Parameters<typeof secretsOfInput>[0]) =>
      secretsOfInput({ list: [{ [name]: value }] })
    t.strictSame(found('a canary'), ['a canary'], name)
    t.strictSame(found(['canary-1', 'short', ['canary-2']]), ['canary-1', 'canary-2'], name)
    t.strictSame(found({ shop: { word: 'canary-3' }, on: true }), ['canary-3'], name)
    t.strictSame(found(1234567890), ['1234567890'], name)
  }
  for (const name of ['ACCESS_KEY', 'AWS_SECRET', 'DB_PRIVATEKEY', 'API_KEY'])
    t.strictSame(secretsOfEnvironment({ [name]: 'a canary' }), ['a canary'], name)
  t.strictSame(secretsOfInput({ session: { url: 'https://shop.test/' }, sessionAt: 1234567890 }), [])
  t.strictSame(secretsOfInput({ session: 'a canary', keyboard: 'an english one' }), ['a canary'])
})
