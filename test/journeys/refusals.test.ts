import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../lib/domain/crash.ts'
import { DomainHold } from '../../lib/domain/domains.ts'
import { JourneyProject } from '../helpers/journey-project.ts'
import { newFolder } from '../helpers/project.ts'

/** Long enough for two commands to be asked meanwhile, on a busy machine. */
const WAIT_S = 20
const RESULT = { heading: 'Shop' }

/** A shop that asks its first visitor to come back later, under each of its names. */
async function busyShop() {
  const visits: { readonly at: number; readonly host: string }[] = []
  const server = createServer((request, response) => {
    if (request.url !== '/shop') {
      response.writeHead(404).end()
      return
    }
    visits.push({ at: Date.now(), host: request.headers.host?.split(':')[0] ?? '' })
    if (visits.length === 1) response.writeHead(429, { 'retry-after': String(WAIT_S) }).end('not now')
    else response.setHeader('content-type', 'text/html').end('<h1>Shop</h1>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { visits, close, at: (host: string) => `http://${host}:${port}/shop` }
}

t.test('a domain that asks to wait is left alone by all workers for as long, and by no one else', async t => {
  const shop = await busyShop()
  t.teardown(shop.close)
  const project = new JourneyProject(t, newFolder(), { workers: 2 })
  const scheduler = await project.schedule()
  const first = await project.enqueue('asks-a-shop', { url: shop.at('127.0.0.1') })
  const waits = await scheduler.event('the pause of the shop', ({ event }) => event === 'domain.waits')
  t.match(waits, { domain: '127.0.0.1', status: 429 })

  const Status = z.object({ holds: z.array(DomainHold) })
  const [{ holds }, { stdout }] = await Promise.all([project.ask(Status, 'status'), project.run(['status'])])
  t.match(holds, [{ domain: '127.0.0.1', status: 429, streak: 1 }])
  t.match(stdout, 'Domain 127.0.0.1 asks to be left alone (429) until')
  const second = await project.enqueue('asks-a-shop', { url: shop.at('127.0.0.1') })
  const other = await project.enqueue('asks-a-shop', { url: shop.at('localhost') })
  for (const job of [first, second, other]) {
    await scheduler.event(
      `the end of job ${job}`,
      line => line['job'] === job && line['state'] === 'succeeded',
    )
  }

  const [refused, elsewhere, ...later] = shop.visits
  t.match([refused, elsewhere], [{ host: '127.0.0.1' }, { host: 'localhost' }], 'others pass meanwhile')
  t.match(later, [{ host: '127.0.0.1' }, { host: '127.0.0.1' }])
  for (const { at } of later) t.ok(at - (refused?.at ?? 0) >= WAIT_S * 1_000, `${at - (refused?.at ?? 0)} ms`)
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
  t.same(more, [], 'the phase is not tried again by itself meanwhile')
  const { error } = await project.ask(CrashReport, 'crashes', String(crash?.id))
  t.match(error.facts, { domain: '127.0.0.1', status: 429, retryAfterMs: WAIT_S * 1_000 })
})
