import { createServer } from 'node:http'
import { createServer as createTcp } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import { ProxyError } from '../../../lib/authoring/errors.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { proxyRefused } from '../../../lib/execution/auth/authenticate.ts'
import { attributeProxyError } from '../../../lib/execution/proxy/attribute-proxy-error.ts'
import { classifyError } from '../../../lib/execution/diagnostics/classify-error.ts'
import { probeProxy } from '../../../lib/execution/proxy/probe-proxy.ts'
import { withoutProxy } from '../../../lib/execution/proxy/suspicion.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { libraryError } from '../../helpers/builders/library-error.ts'
import { closedPort } from '../../helpers/sites/closed-port.ts'
import { RelayProxy } from '../../helpers/sites/relay-proxy.ts'

const HEADER = `x-pad: ${'a'.repeat(1_000)}\r\n`
const SWITCHES = 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nabc'
const thrown = new AutomateError('phase-timeout', 'The phase took too long.')
const noTunnel = libraryError('net::ERR_TUNNEL_CONNECTION_FAILED at https://site.test/')

/** Starts a site that does this to each connection after the connection's first bytes. */
async function siteThat(
  t: { teardown(end: () => unknown): unknown },
  does: (socket: Socket) => unknown,
): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcp(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).once('data', () => does(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

t.test('blames an unresponsive proxy, but not a proxy of an unresponsive site', async t => {
  const site = createServer(() => undefined)
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    site.closeAllConnections()
    site.close()
  })
  const address = site.address()
  const asked = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  const blamed = async (proxy: ForwardProxy) =>
    attributeProxyError(thrown, { server: proxy.address, login: null }, asked)
  const [works, hangs] = [await ForwardProxy.start(t), await ForwardProxy.start(t, { hangs: true })]
  const [ofSite, ofProxy] = await Promise.all([blamed(works), blamed(hangs)])
  t.equal(ofSite, thrown)
  t.match(ofProxy, { code: 'proxy', cause: thrown, facts: { fault: { kind: 'silent' } } })
})

/** Ways in which a site can end its own connections. */
const DOES = {
  'sends headers of 300 KB': socket => socket.end(`HTTP/1.1 200 OK\r\n${HEADER.repeat(300)}\r\n`),
  'sends headers of 2 MB': socket => socket.end(`HTTP/1.1 200 OK\r\n${HEADER.repeat(2_000)}\r\n`),
  'sends what is no HTTP': socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'sends a header without a colon': socket => socket.end('HTTP/1.1 200 OK\r\nno colon\r\n\r\n'),
  'begins a response without an end': socket => socket.write('HTTP/1.1 200 OK\r\nx: '),
  'sends interim responses alone': socket =>
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n'.repeat(1_000)),
  'switches protocols': socket => socket.write(SWITCHES),
  'hangs up': socket => socket.end(),
  'resets the connection': socket => socket.resetAndDestroy(),
  'asks for a login of the proxy': socket =>
    socket.end('HTTP/1.1 407 Who\r\nproxy-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n'),
} satisfies Record<string, (socket: Socket) => unknown>

t.test('a site blames no proxy, whatever it sends', async t => {
  const [polite, rude] = [await RelayProxy.start(t), await RelayProxy.start(t, { hangsUp: true })]
  for (const [what, does] of Object.entries(DOES)) {
    const site = await siteThat(t, does)
    for (const scheme of ['http', 'https'] as const) {
      const error = await attributeProxyError(
        thrown,
        { server: polite.address, login: null },
        `${scheme}://${site}/`,
      )
      t.equal(error, thrown, `a site that ${what}, by ${scheme}`)
    }
  }
  const bytes = await siteThat(t, DOES['sends what is no HTTP'])
  const unanswered = await siteThat(t, DOES['begins a response without an end'])
  for (const site of [bytes, unanswered])
    t.equal(
      await attributeProxyError(thrown, { server: rude.address, login: null }, `http://${site}/`),
      thrown,
    )
})

t.test('a site that is down fails its own job if the proxy reports it', async t => {
  const proxy = await RelayProxy.start(t)
  const down = (await closedPort()).replace('http:', 'https:')
  const error = await attributeProxyError(noTunnel, { server: proxy.address, login: null }, down)
  t.match(error, { code: 'navigate', message: /Check whether the site works/, cause: noTunnel })
})

t.test('a site that refuses in the name of the proxy fails its own job', async t => {
  const login = { username: 'ann', password: 'secret' }
  const proxy = await ForwardProxy.start(t, { credentials: login })
  const site = `http://${await siteThat(t, DOES['asks for a login of the proxy'])}/`
  const refused = proxyRefused(proxy.address, true)
  const judge = (password: string) =>
    attributeProxyError(refused, { server: proxy.address, login: { ...login, password } }, site)
  t.match(await judge('secret'), { code: 'navigate', cause: refused })
  t.equal(await judge('wrong'), refused)
})

t.test('blames a broken proxy, however it fails', async t => {
  const site = `http://${await siteThat(t, DOES['hangs up'])}/`
  const judge = async (server: string, asked = site, error: unknown = thrown) =>
    attributeProxyError(error, { server, login: null }, asked)
  const sending = async (sends: string) => (await RelayProxy.start(t, { sends })).address
  t.match(await judge(await closedPort()), { code: 'proxy', facts: { fault: { kind: 'unreachable' } } })
  t.match(await judge(await sending('')), { code: 'proxy', facts: { fault: { kind: 'unreachable' } } })
  t.match(await judge(await sending('SSH-2.0-OpenSSH_9.6\r\n')), { code: 'proxy', message: /malformed/ })
  t.match(await judge(await sending(SWITCHES)), { code: 'proxy', message: /malformed/ })
  t.match(await judge(await sending(SWITCHES), 'https://site.test/'), { code: 'proxy' })
  const forbids = await sending('HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n')
  t.equal(await judge(forbids, 'https://site.test/', noTunnel), noTunnel)
  const asks = await sending('HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n')
  t.match(await judge(asks), { code: 'proxy', facts: { fault: { kind: 'no-login' } } })
  const socks = `socks5://${new URL(await closedPort()).host}`
  const failed = libraryError('net::ERR_SOCKS_CONNECTION_FAILED at http://site.test/')
  t.equal(await judge(socks, site, failed), failed)
})

t.test("an author's own error stays as it is", async t => {
  const proxy = { server: (await RelayProxy.start(t)).address, login: null }
  for (const error of [new ProxyError('blocked'), new Error('net::ERR_PROXY_CONNECTION_FAILED')])
    t.equal(await attributeProxyError(error, proxy, 'http://site.test/'), error)
})

t.test('no error text of the browser blames a working proxy', async t => {
  const gone = libraryError('net::ERR_PROXY_CONNECTION_FAILED at http://site.test/')
  const classified = classifyError(gone, null)
  t.equal(classified.code, 'proxy')
  const [works, isGone] = [(await RelayProxy.start(t)).address, await closedPort()]
  for (const error of [gone, classified])
    for (const asked of ['http://site.test/', 'https://site.test/', 'about:blank', '']) {
      const judge = (server: string) => attributeProxyError(error, { server, login: null }, asked)
      t.match(await judge(works), { code: 'navigate', message: /responds now\. Check/, cause: error }, asked)
      t.equal(await judge(isGone), error, asked)
    }
})

t.test("an apparent proxy fault is the site's if no proxy is used", t => {
  const refused = libraryError('net::ERR_UNEXPECTED_PROXY_AUTH at http://site.test/')
  t.match(withoutProxy(refused), {
    code: 'navigate',
    message: /uses no proxy of the project.*ERR_UNEXPECTED/,
    cause: refused,
  })
  for (const error of [new ProxyError('blocked'), new Error('net::ERR_UNEXPECTED_PROXY_AUTH'), 'text'])
    t.equal(withoutProxy(error), error)
  t.end()
})

t.test('a probe distinguishes an unparsable response from an unresponsive proxy', async t => {
  const proxy = { server: (await RelayProxy.start(t)).address, login: null }
  const probe = async (what: keyof typeof DOES) =>
    probeProxy(proxy, new URL(`http://${await siteThat(t, DOES[what])}/`), 2_000)
  t.match(await probe('sends headers of 300 KB'), { state: 'works', status: 200 })
  for (const what of [
    'sends headers of 2 MB',
    'sends what is no HTTP',
    'sends interim responses alone',
  ] as const)
    t.match(await probe(what), { state: 'answers', status: null, fault: null })
  t.match(await probe('hangs up'), { state: 'unreachable' })
})
