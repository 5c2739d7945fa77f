import type { Page } from 'puppeteer'
import t from 'tap'
import { chromeFlags } from '../../../../lib/execution/browser/launch/chrome-flags.ts'
import { ForwardProxy } from '../../../helpers/sites/forward-proxy.ts'
import { guardedBrowser } from '../../../helpers/sites/guarded-browser.ts'
import { until } from '../../../helpers/until.ts'
import { gatedSite, testBrowser } from '../../../helpers/processes/worker-run.ts'

/** Host that nothing resolves, so that Chrome asks the machine's resolver after its own. */
const TURN = 'turn.site.test'

/**
 * Connects a page to a TURN server over TCP, and returns how often Chrome asked the machine's
 * resolver. Chrome traces each call that may block, and a lookup may block.
 */
async function lookupsOf(page: Page, proxy: ForwardProxy): Promise<number> {
  await page.tracing.start({ categories: ['base'] })
  await page.evaluate(
    `globalThis.connection = new RTCPeerConnection({
      iceServers: [{ urls: 'turn:${TURN}:3478?transport=tcp', username: 'ann', credential: 'secret' }],
    })
    connection.createDataChannel('data')
    connection.setLocalDescription()`,
  )
  // Chrome tries the proxy as soon as the name is resolved or the lookup has failed.
  await until('the tunnel to the TURN server', () => proxy.hosts.includes(`${TURN}:3478`))
  const trace = new TextDecoder().decode(await page.tracing.stop())
  return trace.split('"SystemHostResolverCall"').length - 1
}

t.test('no page behind a proxy makes this machine resolve a name', async t => {
  const proxy = await ForwardProxy.start(t)
  const site = await gatedSite('<h1>shop</h1>')
  t.teardown(site.close)
  const { page } = await guardedBrowser(t, {
    address: `http://localhost:${proxy.port}`,
    credentials: undefined,
  })
  await page.goto(site.url)
  t.equal(await page.evaluate('document.body.innerText'), 'shop')
  t.equal(await lookupsOf(page, proxy), 0)
})

t.test('the resolver rules of a project precede those for its proxy', async t => {
  const proxy = await ForwardProxy.start(t)
  const site = await gatedSite('<h1>shop</h1>')
  t.teardown(site.close)
  const { page } = await guardedBrowser(
    t,
    { address: `http://proxy.test:${proxy.port}`, credentials: undefined },
    {},
    // WebRTC requests the name with a trailing dot.
    [`--host-resolver-rules=MAP proxy.test 127.0.0.1 , EXCLUDE ${TURN}*`],
  )
  await page.goto(site.url)
  t.ok(proxy.hosts.includes(new URL(site.url).host), 'it maps the name of the proxy')
  t.not(await lookupsOf(page, proxy), 0, 'it lets Chrome resolve one name')
})

/**
 * Resolver rules of the launched Chrome. If an argument is repeated, the last occurrence counts.
 */
const RULES: Readonly<Record<string, { server: string | null; own: string[]; rules: string[] }>> = {
  'a browser without a proxy has no rules': { server: null, own: [], rules: [] },
  'a browser without a proxy keeps the rules of its project': {
    server: null,
    own: ['--host-resolver-rules=MAP a b'],
    rules: ['MAP a b'],
  },
  'a proxy with a name': {
    server: 'https://proxy.example:443',
    own: [],
    rules: ['MAP proxy.example proxy.example , MAP * ^NOTFOUND'],
  },
  'a proxy with an address': {
    server: 'socks5://10.0.0.1:1080',
    own: [],
    rules: ['MAP 10.0.0.1 10.0.0.1 , MAP * ^NOTFOUND'],
  },
  'a proxy with an IPv6 address': {
    server: 'socks5://[::1]:1080',
    own: [],
    rules: ['MAP ::1 [::1] , MAP * ^NOTFOUND'],
  },
  'the last argument of a project counts': {
    server: 'http://proxy.example:8080',
    own: ['--host-resolver-rules=MAP a b', '--lang=it', '-host-resolver-rules=EXCLUDE c'],
    rules: ['EXCLUDE c , MAP proxy.example proxy.example , MAP * ^NOTFOUND'],
  },
  'an empty argument of a project adds nothing': {
    server: 'http://proxy.example:8080',
    own: ['--host-resolver-rules='],
    rules: ['MAP proxy.example proxy.example , MAP * ^NOTFOUND'],
  },
}

for (const [name, { server, own, rules }] of Object.entries(RULES)) {
  t.test(name, async t => {
    const flags = chromeFlags(
      { ...testBrowser(), proxyServer: server, extraArgs: own },
      { profile: 'profile', crashDumps: 'dumps', ports: 'ports' },
      { root: false, avoidDevShm: false },
      undefined,
    )
    t.strictSame(
      flags.filter(flag => flag.startsWith('--host-resolver-rules=')).slice(-1),
      rules.map(rule => `--host-resolver-rules=${rule}`),
    )
  })
}
