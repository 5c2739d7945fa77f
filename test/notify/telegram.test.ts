import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import type { Notification } from '../../lib/model/notify/notification.ts'
import type { Outgoing } from '../../lib/notify/channel.ts'
import { telegramChannel } from '../../lib/notify/telegram.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { messageServer, telegramRefusal, TELEGRAM_OK } from '../helpers/sites/message-server.ts'
import type { ServerAnswer } from '../helpers/sites/message-server.ts'
import { crashNotice, WORDING } from '../helpers/builders/notices.ts'
import { newFolder } from '../helpers/store/project.ts'

const TOKEN = '123:very-secret'
const never = new AbortController().signal

async function telegram(t: Test, answers: readonly ServerAnswer[], photos = true) {
  const server = await messageServer(t, ...answers)
  const folder = newFolder()
  const clock = new FakeClock()
  const options = {
    settings: { token: TOKEN, chat: '-100', apiRoot: server.url, photos },
    wording: WORDING,
    deadlineMs: 5_000,
    pictureAt: (path: string) => {
      const file = join(folder, path)
      return existsSync(file) ? readFileSync(file) : undefined
    },
  }
  const channel = telegramChannel({ ...options, clock: systemClock })
  const send = (notice: Notification = crashNotice(), change: Partial<Outgoing> = {}) =>
    channel.send({ id: 'shop-1', notice, queuedAt: 1, partsDone: 0, uncertain: false, ...change }, never)
  return { server, folder, clock, send, options }
}

t.test('a message goes to the chat as HTML, and names the worker and the place of the failure', async t => {
  const { server, send } = await telegram(t, [])
  t.strictSame(
    await send(
      crashNotice({ error: { name: 'E', code: 'element', message: 'a < b & hunter2hunter2 @alice' } }),
    ),
    {
      status: 'delivered',
    },
  )
  const [sent] = server.requests
  t.equal(sent?.path, `/bot${TOKEN}/sendMessage`)
  t.strictSame(JSON.parse(sent?.body ?? ''), {
    chat_id: '-100',
    text:
      '<b>shop: New failure: E: a &lt; b &amp; *** ＠alice</b>\njob 7, wine, worker 1 of 1: 4/6 add_step: button Add to cart\n' +
      'More: automate-tui crashes 3',
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  })
})

for (const [name, answer, delivery] of [
  [
    '429 with retry_after',
    telegramRefusal(429, 'Too Many Requests', { retry_after: 7 }),
    { status: 'later', afterMs: 7_000, uncertain: false },
  ],
  [
    '429 with only a header',
    { status: 429, headers: { 'retry-after': '3' } },
    { status: 'later', afterMs: 3_000 },
  ],
  [
    '429 with an invalid wait',
    telegramRefusal(429, 'Too Many Requests', { retry_after: -5 }),
    { status: 'later', why: 'Too Many Requests', afterMs: undefined },
  ],
  ['500', { status: 500, body: 'oops' }, { status: 'later', uncertain: false }],
  ['502 of a gateway', { status: 502, body: '<html>' }, { status: 'later' }],
  ['a reset', 'reset', { status: 'later', why: 'ECONNRESET', uncertain: true }],
  ['a reply that is not HTTP', 'garbage', { status: 'later', uncertain: true }],
  [
    'a reply that is not JSON',
    { status: 200, body: '<html>Sign in to Wi-Fi</html>' },
    { status: 'later', uncertain: true },
  ],
  [
    'a megabyte of garbage',
    { status: 200, body: 'x'.repeat(1_000_000) },
    { status: 'later', uncertain: true },
  ],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, { status: 'later' }],
  ['401', telegramRefusal(401, 'Unauthorized'), { status: 'refused', refusal: 'token', why: 'Unauthorized' }],
  ['404', telegramRefusal(404, 'Not Found'), { status: 'refused', refusal: 'token' }],
  ['404 of another server', { status: 404, body: 'nginx' }, { status: 'later' }],
  [
    '400 chat not found',
    telegramRefusal(400, 'Bad Request: chat not found'),
    { status: 'refused', refusal: 'chat' },
  ],
  [
    '403',
    telegramRefusal(403, 'Forbidden: bot was blocked by the user'),
    { status: 'refused', refusal: 'chat' },
  ],
  ['400', telegramRefusal(400, 'Bad Request: message is odd'), { status: 'refused', refusal: 'message' }],
  [
    'a group that moved',
    telegramRefusal(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1007 }),
    { status: 'refused', refusal: 'chat', why: /-1007/ },
  ],
] as const) {
  t.test(`${name}: ${delivery.status}`, async t => {
    const { send } = await telegram(t, [answer])
    const got = await send()
    t.match(got, delivery)
    t.notMatch(JSON.stringify(got), TOKEN)
  })
}

t.test('a refused connection is retried later, and the message certainly did not arrive', async t => {
  const { server, send } = await telegram(t, [])
  await server.close()
  t.match(await send(), { status: 'later', why: 'ECONNREFUSED', uncertain: false })
})

for (const stall of ['stall', 'stall-in-body'] as const) {
  t.test(
    `a stalled server (${stall}) costs its deadline, and the next message uses a new connection`,
    async t => {
      const { server, options, clock } = await telegram(t, [stall])
      const channel = telegramChannel({ ...options, clock })
      const message = { id: '1', notice: crashNotice(), queuedAt: 1, partsDone: 0, uncertain: false }
      const sending = channel.send(message, never)
      await server.arrived(1)
      clock.advance(options.deadlineMs)
      t.match(await sending, { status: 'later', why: 'no response within 5000 ms', uncertain: true })
      t.equal(clock.waiting, 0)
      t.strictSame(await channel.send({ ...message, uncertain: true }, never), { status: 'delivered' })
      t.strictSame(
        server.requests.map(({ connection }) => connection),
        [1, 2],
      )
      t.match(server.requests[1]?.body, /This may be a repeat/)
    },
  )
}

t.test('every message uses its own connection, without the proxies of the environment', async t => {
  const { server, send } = await telegram(t, ['reset'])
  const before = { ...process.env }
  t.teardown(() =>
    Object.assign(process.env, { http_proxy: before['http_proxy'], HTTP_PROXY: before['HTTP_PROXY'] }),
  )
  Object.assign(process.env, {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://127.0.0.1:1',
    http_proxy: 'http://127.0.0.1:1',
  })
  t.match(await send(), { why: 'ECONNRESET' })
  t.match(await send(), { status: 'delivered' })
  t.strictSame(
    server.requests.map(({ connection }) => connection),
    [1, 2],
  )
})

const PAGE = 'line of a page & more <b>\n'.repeat(600)

t.test('splits long text, and continues after the part that had arrived', async t => {
  const { server, send } = await telegram(t, [TELEGRAM_OK, 'reset'])
  const notice: Notification = {
    ...{ kind: 'summary', since: 1_000, count: 20 },
    notices: Array.from({ length: 20 }, () =>
      crashNotice({ error: { name: 'E', code: 'element', message: `x\n${PAGE}` } }),
    ),
  }
  t.match(await send(notice), { status: 'later', partsDone: 1, uncertain: true })
  t.strictSame(await send(notice, { partsDone: 1, uncertain: true }), { status: 'delivered' })
  const texts = server.requests
    .map(({ body }) => JSON.parse(body) as { text: string })
    .map(({ text }) => text)
  t.ok(texts.length > 3, `${texts.length} parts`)
  t.equal(texts[1], texts[2], 'the second part is sent again')
  t.not(texts[0], texts[1])
  for (const text of texts) t.ok(text.replaceAll(/<[^>]+>/g, '').replaceAll(/&\w+;/g, '.').length <= 4_096)
})

t.test('sends the picture of a failure with its text', async t => {
  const { server, folder, send } = await telegram(t, [])
  writeFileSync(join(folder, 'shot.png'), 'PNG-BYTES')
  t.match(await send(crashNotice({ screenshot: 'shot.png' })), { status: 'delivered' })
  t.equal(server.requests.length, 1)
  t.equal(server.requests[0]?.path, `/bot${TOKEN}/sendPhoto`)
  t.match(server.requests[0]?.body, /name="caption"[^]*New failure[^]*filename="shot.png"[^]*PNG-BYTES/)
})

t.test('sends only the text if the picture is missing, unwanted or refused', async t => {
  const { server, folder, send } = await telegram(t, [
    telegramRefusal(400, 'Bad Request: IMAGE_PROCESS_FAILED'),
  ])
  const pictured = crashNotice({ screenshot: 'shot.png' })
  writeFileSync(join(folder, 'shot.png'), 'PNG-BYTES')
  t.match(await send(pictured), { status: 'delivered' })
  t.match(await send(crashNotice({ screenshot: 'gone.png' })), { status: 'delivered' })
  const unwanted = await telegram(t, [], false)
  writeFileSync(join(unwanted.folder, 'shot.png'), 'PNG-BYTES')
  t.match(await unwanted.send(pictured), { status: 'delivered' })
  const methods = [...server.requests, ...unwanted.server.requests].map(({ path }) => path.split('/').at(-1))
  t.strictSame(methods, ['sendPhoto', 'sendMessage', 'sendMessage', 'sendMessage'])
})

t.test('a server that repeats the path of the request reveals no token', async t => {
  t.teardown(knownSecrets.hold([TOKEN]))
  const { send } = await telegram(t, [telegramRefusal(400, `chat not found for /bot${TOKEN}/sendMessage`)])
  t.match(await send(), { status: 'refused', why: 'chat not found for /bot***/sendMessage', refusal: 'chat' })
})

t.test('removes markup that the server cannot read', async t => {
  const { server, send } = await telegram(t, [telegramRefusal(400, "Bad Request: can't parse entities")])
  t.match(await send(), { status: 'delivered' })
  t.notMatch(server.requests[1]?.body, /parse_mode|<b>/)
})
