import { createServer } from 'node:http'
import type { BrowserContext, Page, Target } from 'puppeteer'
import t from 'tap'
import { ReusablePage } from '../../../lib/execution/browser/reuse/reusable-page.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { guardedBrowser } from '../../helpers/sites/guarded-browser.ts'
import { protectedSite } from '../../helpers/sites/protected-site.ts'
import { secureSite } from '../../helpers/sites/secure-site.ts'
import { until } from '../../helpers/until.ts'

const PROXY_LOGIN = { username: 'proxy user', password: 'p@ss:word/%' }
const SITE_LOGIN = { username: 'ann', password: 'söcret' }

/**
 * Ways in which a page opens another page. Each runs in a page that has requested nothing itself.
 */
const OPENERS: Readonly<Record<string, (url: string) => string>> = {
  'window.open': url => `void window.open('${url}')`,
  noopener: url => `void window.open('${url}', '_blank', 'noopener')`,
  'target=_blank': url => link(url, ''),
  'target=_blank with an opener': url => link(url, `a.rel = 'opener';`),
}

const link = (url: string, more: string) =>
  `{ const a = document.createElement('a'); a.target = '_blank'; a.href = '${url}'; ${more} document.body.append(a); a.click() }`

async function opened(context: BrowserContext, path: string): Promise<string> {
  const target = await until(`the page ${path}`, (): Target | undefined =>
    context.targets().find(one => one.url().endsWith(path)),
  )
  const page = await target.page()
  const heading = await page?.waitForSelector('h1, body')
  return (await heading?.evaluate('document.body.innerText'))?.toString() ?? ''
}

async function inNewContext<T>(
  page: Page,
  act: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await page.browser().createBrowserContext()
  try {
    return await act(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

t.test('100 of 100 pop-ups pass the proxy with their first request, many concurrently', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await protectedSite(t, SITE_LOGIN)
  const { page, lost } = await guardedBrowser(t, proxy)
  const texts: string[] = []
  for (let round = 1; round <= 25; round++) {
    await inNewContext(page, async (opener, context) => {
      const paths = Object.values(OPENERS).map((open, i) => ({ open, path: `/pop-up/${round}/${i}` }))
      for (const { open, path } of paths) await opener.evaluate(open(`${site.origin}${path}`))
      texts.push(...(await Promise.all(paths.map(({ path }) => opened(context, path)))))
    })
  }
  t.equal(texts.length, 100)
  t.strictSame(
    texts.filter(text => !text.startsWith('/pop-up/')),
    [],
  )
  t.equal(site.served.filter(path => path.startsWith('/pop-up/')).length, 100)
  t.equal(lost.aborted, false)
})

t.test('frames, workers and sockets pass the proxy in contexts without earlier requests', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await protectedSite(t, SITE_LOGIN)
  const { page } = await guardedBrowser(t, proxy)
  const first = (act: (page: Page) => Promise<unknown>) => inNewContext(page, act)

  await first(async fresh => {
    await fresh.setContent(
      `<iframe src="${site.origin}/frame"></iframe><iframe src="${site.other}/frame"></iframe>`,
    )
    await until('both frames', () => site.served.filter(path => path === '/frame').length === 2)
  })
  await first(async fresh => {
    const status = fresh.evaluate(`fetch('${site.origin}/from-blank', { mode: 'no-cors' }).then(r => r.type)`)
    t.equal(await status, 'opaque')
  })
  await first(async fresh => {
    await fresh.goto(`${site.origin}/workers`)
    const worker = (code: string) => fresh.evaluate(`new Promise(done => { ${code} })`)
    t.equal(await worker(`new Worker('/dedicated.js').onmessage = e => done(e.data)`), 200)
    t.equal(await worker(`new SharedWorker('/shared.js').port.onmessage = e => done(e.data)`), 200)
    const service = `navigator.serviceWorker.register('/service.js').then(() => navigator.serviceWorker.ready).then(() => done('ready'))`
    t.equal(await worker(service), 'ready')
  })
  t.strictSame(
    ['/from-blank', '/from-dedicated', '/from-shared', '/from-service'].filter(
      path => !site.served.includes(path),
    ),
    [],
  )
})

t.test('HTTPS and WebSocket tunnels pass the proxy, and prove its credentials', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await secureSite(t)
  const { page, lost } = await guardedBrowser(t, proxy, {}, ['--ignore-certificate-errors'])
  t.equal((await page.goto(`${site.origin}/1`))?.status(), 200)
  t.equal((await page.goto(`${site.origin}/2`))?.status(), 200)
  t.equal(proxy.counts.challenged, 1, 'only its first request was challenged')
  await inNewContext(page, async (opener, context) => {
    await opener.evaluate(OPENERS['noopener']?.(`${site.origin}/pop-up`) ?? '')
    t.equal(await opened(context, '/pop-up'), '/pop-up')
  })
  const echo = `new Promise((done, fail) => {
    const socket = new WebSocket('${site.origin.replace('https', 'wss')}')
    socket.onmessage = event => done(event.data)
    socket.onerror = () => fail(new Error('no socket'))
  })`
  t.equal(await page.evaluate(echo), 'hello')
  t.equal(new Set(proxy.hosts).size, 1, 'all connections went through the proxy')
  t.equal(lost.aborted, false)
})

t.test('a service worker gets credentials for its protected script', async t => {
  const site = await protectedSite(t, SITE_LOGIN)
  const sites = [{ origin: site.origin, ...SITE_LOGIN }]
  const { page, lost } = await guardedBrowser(t, null, { sites })
  await page.goto(`${site.origin}/public`)
  const state = await page.evaluate(`new Promise((done, fail) =>
    navigator.serviceWorker.register('/private/service.js').then(({ installing }) => {
      installing.onstatechange = () => /activated|redundant/.test(installing.state) && done(installing.state)
    }, fail))`)
  t.equal(state, 'activated')
  t.ok(site.served.includes('/private/service.js') && site.served.includes('/from-service'))
  t.strictSame(site.logins, ['ann:söcret'], 'nothing else of the site sent them')
  t.equal(lost.aborted, false)
})

t.test('a page of another origin gets no login by posing as a service worker', async t => {
  const site = await protectedSite(t, SITE_LOGIN)
  const sites = [{ origin: site.origin, ...SITE_LOGIN }]
  const { page } = await guardedBrowser(t, null, { sites })
  await page.goto(`${site.other}/public`)
  const asks = `(url, method) =>
    fetch(url, { method, headers: { 'Service-Worker': 'script' } }).then(({ status }) => status, String)`
  const url = `${site.origin}/private/secret`
  for (const method of ['GET', 'POST']) {
    t.equal(await page.evaluate(`(${asks})('${url}', '${method}')`), 401, method)
    const inWorker = `(${asks})('${url}', '${method}').then(status => postMessage(status))`
    const status = await page.evaluate(`new Promise((done, fail) => {
      const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(inWorker)}])))
      worker.onmessage = ({ data }) => done(data)
      worker.onerror = () => fail(new Error('no worker'))
    })`)
    t.equal(status, 401, `${method} in a worker`)
  }
  t.strictSame(site.logins, [])
})

t.test('several jobs use one page after another, each with all credentials', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await protectedSite(t, SITE_LOGIN)
  const sites = [{ origin: site.origin, ...SITE_LOGIN }]
  const quarters = new ReusablePage(guardedBrowser(t, proxy, { sites }))
  const { page } = await quarters.opened
  for (const job of [1, 2, 3]) {
    quarters.begin()
    t.equal((await page.goto(`${site.origin}/private/${job}`))?.status(), 200)
    t.equal((await quarters.recycle()).replaced, undefined)
  }
})

t.test('answers a proxy that asks for credentials again', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await protectedSite(t, SITE_LOGIN)
  const { page, lost } = await guardedBrowser(t, proxy)
  t.equal((await page.goto(`${site.origin}/1`))?.status(), 200)
  t.equal((await page.goto(`${site.origin}/2`))?.status(), 200)
  proxy.forgetful = 1
  t.equal((await page.goto(`${site.origin}/3`))?.status(), 407, 'requests were no longer intercepted')
  const back = await until('a page through the proxy', async () => {
    const status = (await page.goto(`${site.origin}/4`))?.status()
    return status === 200 ? status : undefined
  })
  t.equal(back, 200)
  t.equal(lost.aborted, false)
})

t.test('refused or missing proxy credentials end the work, and are offered only once', async t => {
  const site = await protectedSite(t, SITE_LOGIN)
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const wrong = { server: proxy.address, username: 'proxy user', password: 'outdated' }
  const refused = await guardedBrowser(t, proxy, { proxy: wrong })
  t.equal((await refused.page.goto(`${site.origin}/1`))?.status(), 407)
  t.match(refused.lost.reason, {
    code: 'proxy',
    message: /rejected the user name and password[^]*"proxies"/,
  })
  t.match(refused.lost.reason, { message: proxy.address })
  t.notMatch(refused.lost.reason, { message: /outdated/ })
  t.equal(proxy.counts.challenged, 2, 'one request without credentials, and one with them')

  const none = await guardedBrowser(t, proxy, { proxy: null })
  await none.page.goto(`${site.origin}/1`)
  await until('the refusal', () => none.lost.aborted)
  t.match(none.lost.reason, { code: 'proxy', message: /requires a user name and a password/ })
  t.strictSame(site.served, [])
})

t.test('a site that sends or writes 407 does not blame the proxy', async t => {
  const site = createServer((request, response) => {
    if (request.url === '/407') response.writeHead(407)
    else if (request.url === '/text') response.writeHead(404, 'status of 407')
    response.end('<h1>Site</h1>')
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => site.close())
  const address = site.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const proxy = await ForwardProxy.start(t)
  const { page, lost } = await guardedBrowser(t, proxy, { proxy: null })
  await page.goto(origin)
  const tunnels = () => proxy.counts.tunnels
  const before = tunnels()
  t.same(await page.evaluate(`fetch('/text').then(({ status }) => status)`), 404)
  t.same(await page.evaluate(`fetch('/407').then(({ status }) => status)`), 407)
  await until('the check of the proxy', () => tunnels() > before)
  t.equal((await page.goto(`${origin}/again`))?.status(), 200)
  t.equal(lost.aborted, false)
})

t.test('a site gets the credentials of its origin, also in pop-ups, and no other site gets them', async t => {
  const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
  const site = await protectedSite(t, SITE_LOGIN)
  const sites = [{ origin: site.origin, ...SITE_LOGIN }]
  const { page, lost } = await guardedBrowser(t, proxy, { sites })
  t.equal((await page.goto(`${site.origin}/private/1`))?.status(), 200)
  await inNewContext(page, async (opener, context) => {
    await opener.evaluate(OPENERS['noopener']?.(`${site.origin}/private/pop-up`) ?? '')
    t.equal(await opened(context, '/private/pop-up'), '/private/pop-up')
  })
  const before = site.logins.length
  t.equal((await page.goto(`${site.other}/private/2`))?.status(), 401)
  t.equal(site.logins.length, before)
  t.equal(lost.aborted, false)
  t.strictSame([...new Set(site.logins)], ['ann:söcret'])
})

t.test('credentials refused by a site fail the job permanently, and are offered only once', async t => {
  const site = await protectedSite(t, SITE_LOGIN)
  const sites = [{ origin: site.origin, username: 'ann', password: 'old' }]
  const { page, lost } = await guardedBrowser(t, null, { sites })
  t.equal((await page.goto(`${site.origin}/private`))?.status(), 401)
  t.match(lost.reason, { code: 'hard-fail', message: new RegExp(`${site.origin} refused[^]*"credentials"`) })
  t.notMatch(lost.reason, { message: /old/ })
  t.strictSame(site.logins, ['ann:old'])
})

t.test(
  'a workflow may intercept requests, and authenticate itself if no credentials are configured',
  async t => {
    const proxy = await ForwardProxy.start(t, { credentials: PROXY_LOGIN })
    const site = await protectedSite(t, SITE_LOGIN)
    const { page } = await guardedBrowser(t, proxy)
    await page.setRequestInterception(true)
    page.on('request', request => {
      void (request.url().endsWith('/made-up') ? request.respond({ body: 'of mine' }) : request.continue())
    })
    t.equal((await page.goto(`${site.origin}/real`))?.status(), 200)
    await page.goto(`${site.origin}/made-up`)
    t.equal(await page.evaluate('document.body.innerText'), 'of mine')
    page.removeAllListeners('request')
    await page.setRequestInterception(false)
    await page.authenticate(SITE_LOGIN)
    t.equal((await page.goto(`${site.origin}/private`))?.status(), 200)
  },
)
