import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { z } from 'zod'
import { entryPath } from '../../../lib/core/process/entry-path.ts'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'
import { Visitor, pricesOf } from './visitor.ts'

const ENTRY = entryPath(
  new URL('../../../lib/demo/site/demo-site.ts', import.meta.url).href,
  './demo-site.entry',
)
/** Arguments of a child's `exit` event. */
const Exit = z.tuple([z.int().nullable(), z.string().nullable()])

t.test('counts requests by path, as evidence of a shared discovery', async t => {
  const site = await startDemoSite({ pace: 0 })
  t.teardown(() => site.close())
  const visitor = new Visitor(site.url)
  await visitor.get('/')
  await Promise.all([1, 2, 3].map(page => visitor.get(`/shops/old-mill?page=${page}`)))
  await visitor.post('/account/login')
  await visitor.get('/no/such/door')
  await visitor.get('/nor/this')
  const expected = {
    '/': 1,
    '/shops/old-mill': 3,
    'POST /account/login': 1,
    '(not found)': 2,
  }
  t.same(site.stats(), { total: 7, paths: expected })
  t.same(JSON.parse((await visitor.get('/api/stats')).body), {
    total: 8,
    paths: { ...expected, '/api/stats': 1 },
  })
})

t.test('each shop has its own delay, and a closed site leaves no timer and no connection', async t => {
  const waits: number[] = []
  let forgotten = 0
  let arrived: () => void = () => undefined
  const waiting = new Promise<void>(resolve => (arrived = resolve))
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (ms: number) => {
      waits.push(ms)
      if (waits.length === 3) arrived()
      return () => {
        forgotten += 1
      }
    },
  }
  const site = await startDemoSite({ clock, pace: 2 })
  const visits = ['/shops/corner-bottle', '/shops/slow-barrel', '/shops/old-mill'].map(path =>
    fetch(new URL(path, site.url)).then(
      () => 'answered',
      () => 'closed',
    ),
  )
  await waiting
  await site.close()
  t.same(
    waits.sort((a, b) => a - b),
    [100, 240, 1_200],
  )
  t.same(await Promise.all(visits), ['closed', 'closed', 'closed'])
  t.equal(forgotten, 3)
  await site.close()
})

t.test('close ends connections that are kept alive, and frees the port', async t => {
  const site = await startDemoSite({ pace: 0 })
  const port = Number(new URL(site.url).port)
  const socket = new Socket()
  t.teardown(() => socket.destroy())
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /api/stats HTTP/1.1\r\nHost: site\r\nConnection: keep-alive\r\n\r\n')
  await once(socket, 'data')
  const ended = once(socket, 'close')
  await site.close()
  await ended
  const again = await startDemoSite({ port, pace: 0 })
  t.equal(again.url, site.url)
  await again.close()
})

t.test('an error names a port that is in use', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await t.rejects(startDemoSite({ port }), { code: 'environment-unfit', facts: { port } })
})

t.test('a request with a foreign form does no harm', async t => {
  const site = await startDemoSite({ pace: 0 })
  t.teardown(() => site.close())
  await t.rejects(fetch(new URL('/account/login', site.url), { method: 'POST', body: 'x'.repeat(200_000) }))
  t.equal((await fetch(new URL('/%E0%A4%A', site.url))).status, 404)
  t.equal((await fetch(new URL('/', site.url), { method: 'DELETE' })).status, 404)
  t.equal((await fetch(site.url)).status, 200)
})

t.test('runs alone, prints its address as JSON, and ends on request', async t => {
  const folder = t.testdir({ 'prices.json': JSON.stringify({ '*/barolo-2019': 777 }) })
  const flags = ['--port', '0', '--seed', '3', '--prices', join(folder, 'prices.json')]
  const child = spawn(process.execPath, [ENTRY, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const [line] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'))
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(line))
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
  t.same(pricesOf((await new Visitor(url).get('/shops/old-mill/barolo-2019')).body), [777])
  child.kill('SIGTERM')
  const [code, signal] = Exit.parse(await exited)
  // Windows has no signals, so `kill` ends the process at once.
  if (process.platform === 'win32') t.equal(signal, 'SIGTERM')
  else t.equal(code, 0)
})

t.test('wrong flags exit with 2, and the error names the flag', async t => {
  const folder = t.testdir({ 'broken.json': '{ "old-mill/barolo-2019": "cheap" }' })
  for (const [flags, said] of [
    [['--port', 'seventy'], /port/],
    [['--prize', '1'], /prize/],
    [['--prices', join(folder, 'missing.json')], /missing\.json/],
    [['--prices', join(folder, 'broken.json')], /old-mill\/barolo-2019/],
  ] as const) {
    const child = spawn(process.execPath, [ENTRY, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
    const exited = once(child, 'exit')
    let text = ''
    for await (const chunk of child.stderr) text += String(chunk)
    const [code] = Exit.parse(await exited)
    t.equal(code, 2)
    t.match(text, said)
    t.notMatch(text, /\n\s+at /, 'the error has no stack')
  }
})
