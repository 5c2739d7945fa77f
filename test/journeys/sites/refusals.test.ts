import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../../lib/model/failure/crash.ts'
import { DomainPause } from '../../../lib/model/job/domains.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['asks-a-shop']

const WAIT_S = 8
const HOUR_MS = 3_600_000
const RESULT = { heading: 'Shop' }

/**
 * Starts a shop with two names. Its first visitor waits until `sendAway()`, and is then refused for
 * a while. After `shut()` the shop refuses every visitor for an hour.
 */
async function busyShop() {
  const visits: { readonly at: number; readonly host: string }[] = []
  const { promise: sent, resolve: sendAway } = Promise.withResolvers<number>()
  let closed = false
  const server = createServer((request, response) => {
    if (request.url !== '/shop') {
      response.writeHead(404).end()
      return
    }
    visits.push({ at: Date.now(), host: request.headers.host?.split(':')[0] ?? '' })
    if (closed) {
      const opens = new Date(Date.now() + HOUR_MS).toUTCString()
      response.writeHead(503, { 'retry-after': opens }).end('closed')
    } else if (visits.length === 1) {
      void sent.then(() => response.writeHead(429, { 'retry-after': String(WAIT_S) }).end('not now'))
    } else response.setHeader('content-type', 'text/html').end('<h1>Shop</h1>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  return {
    visits,
    sent,
    at: (host: string) => `http://${host}:${port}/shop`,
    sendAway() {
      sendAway(Date.now())
    },
    shut() {
      closed = true
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

t.test('all workers leave a domain alone for the time that it asks, and no other domain', async t => {
  const shop = await busyShop()
  t.teardown(shop.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const scheduler = await project.schedule()
  const first = await project.enqueue('asks-a-shop', { url: shop.at('127.0.0.1') })
  await until('the first visitor', () => shop.visits.length === 1)
  const second = await project.enqueue('asks-a-shop', { url: shop.at('127.0.0.1') })
  const other = await project.enqueue('asks-a-shop', { url: shop.at('localhost') })
  shop.sendAway()
  const waits = await scheduler.event('the pause of the shop', ({ event }) => event === 'domain.waits')
  t.match(waits, { domain: '127.0.0.1', status: 429 })

  for (const job of [first, second, other]) {
    await scheduler.event(`the result of job ${job}`, line => line.event === 'result' && line['job'] === job)
  }

  const [refused, elsewhere, ...later] = shop.visits
  const sentAt = await shop.sent
  t.match(
    [refused, elsewhere],
    [{ host: '127.0.0.1' }, { host: 'localhost' }],
    'jobs of other domains run during the pause',
  )
  t.match(later, [{ host: '127.0.0.1' }, { host: '127.0.0.1' }])
  for (const { at } of later) t.ok(at - sentAt >= WAIT_S * 1_000, `${at - sentAt} ms`)
  const results = scheduler.events().filter(({ event }) => event === 'result')
  t.match(
    new Map(results.map(({ job, result }) => [job, result])),
    new Map([
      [first, { ...RESULT, attempt: 2 }],
      [second, { ...RESULT, attempt: 1 }],
      [other, { ...RESULT, attempt: 1 }],
    ]),
  )
  const [crash, ...more] = await project.ask(z.array(CrashSummary), 'crashes')
  t.match(crash, {
    jobId: first,
    errorName: 'NavigateError',
    errorCode: 'navigate',
    message: `127.0.0.1 asks to wait ${WAIT_S} s (429).`,
    phase: { name: 'ask', step: 'door' },
  })
  t.same(more, [], 'the phase is not retried during the pause')
  const { error } = await project.ask(CrashReport, 'crashes', String(crash?.id))
  t.match(error.facts, { domain: '127.0.0.1', status: 429, retryAfterMs: WAIT_S * 1_000 })

  shop.shut()
  await project.enqueue('asks-a-shop', { url: shop.at('localhost') })
  await scheduler.event('the hour', line => line.event === 'domain.waits' && line['domain'] === 'localhost')
  const Status = z.object({ holds: z.array(DomainPause) })
  t.match((await project.ask(Status, 'status')).holds, [{ domain: 'localhost', status: 503, streak: 1 }])
  const status = await project.run(['status'])
  t.match(status.stdout, 'Domain localhost asks to wait (503) until')
})
