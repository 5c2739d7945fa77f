import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { systemClock } from '../../lib/core/time/clock.ts'
import { webhookChannel } from '../../lib/notify/webhook.ts'
import { messageServer } from '../helpers/sites/message-server.ts'
import type { ServerAnswer } from '../helpers/sites/message-server.ts'
import { crashNotice, WORDING } from '../helpers/builders/notices.ts'

interface WebhookLogin {
  /** Login in front of the host in the address. */
  readonly login: string
  readonly headers: Readonly<Record<string, string>>
}

async function webhook(t: Test, ...answers: ServerAnswer[]) {
  return webhookFor(t, 'of hunter2hunter2', answers)
}

async function webhookFor(
  t: Test,
  error: string,
  answers: readonly ServerAnswer[] = [],
  { login = '', headers = { authorization: 'Bearer abc' } }: Partial<WebhookLogin> = {},
) {
  const server = await messageServer(t, ...answers)
  const settings = { url: `${server.url.replace('//', `//${login}`)}/hook`, headers }
  const channel = webhookChannel({ settings, wording: WORDING, clock: systemClock, deadlineMs: 5_000 })
  const message = {
    id: 'shop-9',
    notice: crashNotice({ error: { name: 'E', code: 'element', message: error } }),
    queuedAt: 5,
    partsDone: 0,
    uncertain: false,
  }
  const send = (signal = new AbortController().signal, late: { asOf?: number } = {}) =>
    channel.send({ ...message, ...late }, signal)
  return { server, send }
}

t.test('a webhook gets the notice as text and as facts, without secrets, under a constant id', async t => {
  const { server, send } = await webhook(t)
  t.strictSame(await send(), { status: 'delivered' })
  const [sent] = server.requests
  t.match(sent, { method: 'POST', path: '/hook' })
  t.match(sent?.headers, { authorization: 'Bearer abc', 'idempotency-key': 'shop-9' })
  t.match(JSON.parse(sent?.body ?? ''), {
    ...{ version: 1, id: 'shop-9', project: 'shop', at: 5, mayRepeat: false },
    text: /New failure: E: of \*\*\*/,
    notice: {
      kind: 'crash',
      state: 'new',
      error: { code: 'element', message: 'of ***' },
      places: [{ jobId: 7, workerId: 'w1' }],
    },
  })
})

t.test("sends credentials in a webhook's address in its header, unless the header has others", async t => {
  const login = 'an%20na:p%40ss:w%C3%B6rd@'
  const own = await webhookFor(t, 'of', [], { login, headers: {} })
  t.strictSame(await own.send(), { status: 'delivered' })
  const [sent] = own.server.requests
  const basic = Buffer.from('an na:p@ss:wörd').toString('base64')
  t.match(sent, { path: '/hook', headers: { authorization: `Basic ${basic}` } })
  const given = await webhookFor(t, 'of', [], { login: 'token@', headers: { Authorization: 'Bearer abc' } })
  t.strictSame(await given.send(), { status: 'delivered' })
  t.equal(given.server.requests[0]?.headers.authorization, 'Bearer abc')
})

t.test('text of a page cannot mention anybody in a chat, or disguise a link', async t => {
  const { server, send } = await webhookFor(
    t,
    '<!channel> @everyone (@alice) -@channel x@here @**all** <https://evil.example|Open the job> [Open](https://evil.example) ada@b.example',
  )
  await send()
  const { text, notice } = z
    .object({ text: z.string(), notice: z.unknown() })
    .parse(JSON.parse(server.requests[0]?.body ?? ''))
  t.match(
    text,
    '‹!channel› ＠everyone (＠alice) -＠channel x＠here ＠**all** ‹https://evil.example|Open the job› [Open] (https://evil.example) ada＠b.example',
  )
  t.match(notice, { error: { message: /^<!channel> @everyone / } }, 'the facts are unchanged')
})

t.test('a late message names the moment that it describes', async t => {
  const { server, send } = await webhook(t)
  await send(new AbortController().signal, { asOf: 0 })
  t.match(JSON.parse(server.requests[0]?.body ?? ''), { text: /As of 1 Jan, 00:00\. The message could not/ })
})

t.test('a stopped notifier begins no delivery, and a stop counts as no failure', async t => {
  const { server, send } = await webhook(t)
  t.match(await send(AbortSignal.abort()), { status: 'later', why: 'stopped', uncertain: false })
  t.strictSame(await send(), { status: 'delivered' })
  t.equal(server.requests.length, 1)
})

for (const [answer, delivery] of [
  [{ status: 204 }, { status: 'delivered' }],
  [
    { status: 429, headers: { 'retry-after': '2' } },
    { status: 'later', afterMs: 2_000 },
  ],
  [
    { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } },
    { status: 'later', afterMs: 0 },
  ],
  [
    { status: 503, headers: { 'retry-after': '-1' } },
    { status: 'later', afterMs: undefined },
  ],
  [{ status: 500 }, { status: 'later', uncertain: false }],
  ['reset', { status: 'later', uncertain: true }],
  ['garbage', { status: 'later', uncertain: true }],
  [
    { status: 301, headers: { location: '/x' } },
    { status: 'refused', refusal: 'address' },
  ],
  [{ status: 404 }, { status: 'refused', refusal: 'address' }],
  [{ status: 401 }, { status: 'refused', refusal: 'authorization' }],
  [{ status: 400 }, { status: 'refused', refusal: 'message' }],
] as const) {
  t.test(`${typeof answer === 'string' ? answer : answer.status}: ${delivery.status}`, async t => {
    const { send } = await webhook(t, answer)
    t.match(await send(), delivery)
  })
}
