import { createServer as createTls } from 'node:https'
import { createServer } from 'node:http'
import { createServer as createTcp } from 'node:net'
import type { Server } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { BrowserContext, Page } from 'puppeteer'
import { browserErrorKind } from '../../../lib/authoring/browser-errors.ts'
import type { ErrorCode } from '../../../lib/core/errors/error-codes.ts'
import { messageOf } from '../../../lib/core/errors/errors.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { classifyError, mayBeDeath } from '../../../lib/execution/diagnostics/classify-error.ts'
import { openBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import { browserFolders } from '../../helpers/sites/browser-folders.ts'
import { libraryError } from '../../helpers/builders/library-error.ts'
import { testBrowser } from '../../helpers/processes/worker-run.ts'

const CERTIFICATES = join(import.meta.dirname, '../../fixtures/certificates')
const HANGS = '/hangs'

async function portOf(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  t.teardown(() => server.close())
  return address.port
}

/** Returns a port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcp()
  const port = await portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Starts a server that responds to any request with these bytes, and hangs up. */
const answering = (bytes: string | Buffer) =>
  portOf(createTcp(socket => socket.on('error', () => undefined).once('data', () => socket.end(bytes))))

const site = await portOf(
  createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    if (request.url === HANGS) return
    response.end('<p hidden id=hidden>h</p><a id=there>there</a><iframe src=about:blank></iframe>')
  }),
)
const url = `http://127.0.0.1:${site}`

const root = t.testdir()
const opened = openBrowser({ launch: testBrowser(), ...browserFolders(root) }, systemClock)
t.teardown(() => opened.close())
const { context } = await opened.opened
const browser = context.browser()

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** Error of the browser's library, with its expected code. */
type Case = readonly [what: string, code: ErrorCode, text: RegExp, produce: (page: Page) => Promise<unknown>]

const short = { timeout: 50 }
const inner = async (page: Page) => {
  await page.goto(url, { timeout: 5_000 })
  const frame = await (await page.waitForSelector('iframe'))?.contentFrame()
  if (frame === undefined) throw new Error('no frame')
  return frame
}
const removeInner = (page: Page) => page.evaluate(`document.querySelector('iframe').remove()`)
const shown = async (page: Page, selector: string) => {
  await page.goto(url, { timeout: 5_000 })
  const found = await page.$(selector)
  if (found === null) throw new Error(`no ${selector}`)
  return found
}

const CASES: readonly Case[] = [
  [
    'a port without a listener',
    'navigate',
    /ERR_CONNECTION_REFUSED/,
    async page => page.goto(`http://127.0.0.1:${await closedPort()}/`),
  ],
  [
    'a name that does not resolve',
    'navigate',
    /ERR_NAME_NOT_RESOLVED/,
    page => page.goto('http://nowhere.invalid/'),
  ],
  [
    'an empty response',
    'navigate',
    /ERR_(EMPTY_RESPONSE|CONNECTION_RESET|INVALID_HTTP_RESPONSE)/,
    async page => page.goto(`http://127.0.0.1:${await answering('')}/`),
  ],
  ['an invalid address', 'navigate', /invalid URL/, page => page.goto('nowhere')],
  ['a page that never loads', 'navigate', /Navigation timeout/, page => page.goto(url + HANGS, short)],
  [
    'a selector that never appears',
    'element',
    /Waiting for selector/,
    page => page.waitForSelector('#never', short),
  ],
  [
    'a function that is never true',
    'element',
    /Waiting failed/,
    page => page.waitForFunction('false', short),
  ],
  ['a click on a missing element', 'element', /No element found/, page => page.click('#never')],
  [
    'an evaluation on a missing element',
    'element',
    /failed to find element/,
    page => page.$eval('#never', () => 1),
  ],
  [
    'a locator that never matches',
    'element',
    /Timed out after waiting/,
    page => page.locator('#never').setTimeout(50).click(),
  ],
  [
    'a response that never comes',
    'navigate',
    /Timed out after waiting/,
    page => page.waitForResponse('http://a.test/', short),
  ],
  [
    'a click on a hidden element',
    'element',
    /not clickable/,
    async page => (await shown(page, '#hidden')).click(),
  ],
  [
    'a click on a removed node',
    'element',
    /detached|not clickable/,
    async page => {
      const there = await shown(page, '#there')
      await page.evaluate(`document.querySelector('#there').remove()`)
      await there.click()
    },
  ],
  [
    'a selection in an element without options',
    'element',
    /not a <select>/,
    async page => (await shown(page, '#there')).select('a'),
  ],
  [
    'a handle of a page that navigated away',
    'navigate',
    /same JavaScript world/,
    async page => {
      const there = await shown(page, '#there')
      await page.goto('about:blank')
      await there.evaluate(() => 1)
    },
  ],
  [
    'a navigation during an evaluation',
    'navigate',
    /context was destroyed/,
    async page => {
      await page.goto('about:blank')
      const work = page.evaluate(() => new Promise(() => undefined))
      work.catch(() => undefined)
      await page.goto(url, { timeout: 5_000 })
      await work
    },
  ],
  [
    'a removed frame',
    'navigate',
    /detached/i,
    async page => {
      const frame = await inner(page)
      await removeInner(page)
      await frame.evaluate(() => 1)
    },
  ],
  [
    'a frame removed during a wait',
    'navigate',
    /Waiting for selector/,
    async page => {
      const frame = await inner(page)
      const work = frame.waitForSelector('#never')
      work.catch(() => undefined)
      await removeInner(page)
      await work
    },
  ],
  [
    'a frame removed while it navigates',
    'navigate',
    /frame was detached|ERR_ABORTED/i,
    async page => {
      const frame = await inner(page)
      const work = frame.goto(url + HANGS)
      work.catch(() => undefined)
      await removeInner(page)
      await work
    },
  ],
  [
    'a page that does not respond',
    'browser-crash',
    /protocolTimeout/,
    async page => {
      const session = await page.createCDPSession()
      await session.send('Runtime.evaluate', { expression: 'for(;;);' }, { timeout: 50 })
    },
  ],
  [
    'a crashed page',
    'browser-crash',
    /Page crashed/,
    async page => {
      const crashed = new Promise((_, reject) => page.once('error', reject))
      page.goto('chrome://crash').catch(() => undefined)
      await crashed
    },
  ],
]

for (const [what, code, text, produce] of CASES) {
  t.test(`${what} counts as ${code}`, async t => {
    const page = await context.newPage()
    const error = await thrownBy(() => produce(page))
    t.match(messageOf(error), text)
    t.match(browserErrorKind(error), { code })
    // A page with a stuck renderer does not respond to a close.
    if (!page.isClosed() && code !== 'browser-crash') await page.close()
  })
}

t.test('errors of a closed page count as its end, whatever closed it', async t => {
  const page = await context.newPage()
  const waiting = [
    page.waitForSelector('#never'),
    page.evaluate(() => new Promise(() => undefined)),
    page.goto(url + HANGS),
  ]
  const errors = Promise.all(waiting.map(work => thrownBy(() => work)))
  await page.close()
  for (const error of [
    ...(await errors),
    await thrownBy(() => page.reload()),
    await thrownBy(() => page.title()),
  ]) {
    t.match(
      browserErrorKind(error)?.code,
      /browser-crash|navigate/,
      `${messageOf(error)} ${error instanceof Error ? messageOf(error.cause) : ''}`,
    )
    t.ok(mayBeDeath(error))
  }
})

t.test('a wait that begins while its frame is removed is no missing element', t => {
  const detached = libraryError('Waiting failed', { cause: libraryError('Waiting failed: Frame detached') })
  const error = libraryError('Waiting for selector `#never` failed', { cause: detached })
  t.match(browserErrorKind(error), { code: 'navigate' })
  t.end()
})

t.test('finds the reason of a failed wait in nested causes', t => {
  const closed = libraryError('Protocol error (Runtime.callFunctionOn): Target closed')
  const failed = libraryError('Waiting failed', { cause: closed })
  const error = libraryError('Waiting for selector `#never` failed', { cause: failed })
  t.match(browserErrorKind(error), { code: 'browser-crash' })
  t.ok(mayBeDeath(error))
  t.end()
})

t.test('does not trust a page that throws the texts of the browser', async t => {
  const page = await context.newPage()
  await page.setContent('<h1>x</h1>')
  const words = [
    'net::ERR_PROXY_CONNECTION_FAILED',
    'Target closed',
    'net::ERR_CERT_DATE_INVALID',
    'TIMED OUT AFTER WAITING',
  ]
  for (const text of words) {
    const thrown = [
      `throw new Error(${JSON.stringify(text)})`,
      `throw ${JSON.stringify(text)}`,
      `throw { message: ${JSON.stringify(text)} }`,
      `Error.stackTraceLimit = 0; Promise.reject(new Error(${JSON.stringify(text)}))`,
    ]
    for (const script of thrown) {
      const error = await thrownBy(() => page.evaluate(script))
      t.match(browserErrorKind(error), undefined, script)
    }
  }
  const waited = page.waitForFunction(`{ throw new Error('net::ERR_PROXY_CONNECTION_FAILED') }`, {
    timeout: 500,
  })
  t.not(browserErrorKind(await thrownBy(() => waited))?.code, 'proxy')
  await page.close()
})

t.test('cuts a long text of a page before classifying it, and keeps the stack frames', async t => {
  const page = await context.newPage()
  await page.setContent('<h1>x</h1>')
  const script = `throw new Error('option with value '.repeat(200_000))`
  const error = classifyError(await thrownBy(() => page.evaluate(script)), null)
  t.ok(error.message.length < 10_000)
  t.match(error.stack, /browser-errors\.browser\.test\.ts/)
  await page.close()
})

t.test('an untrusted certificate is not retried', async t => {
  const tls = createTls({
    key: readFileSync(join(CERTIFICATES, 'self-signed.key')),
    cert: readFileSync(join(CERTIFICATES, 'self-signed.pem')),
  })
  const port = await portOf(tls)
  const page = await context.newPage()
  const error = await thrownBy(() => page.goto(`https://127.0.0.1:${port}/`))
  t.match(messageOf(error), /net::ERR_CERT_/)
  t.match(browserErrorKind(error), { code: 'navigate', recovery: { retry: 'never' } })
})

/** SOCKS 5 replies that accept the method and then refuse the connection. */
const REFUSING_SOCKS = Buffer.from([5, 0, 5, 1, 0, 1, 0, 0, 0, 0, 0, 0])

const PROXIES = [
  ['is unreachable', 'http', closedPort, 'http://site.test/'],
  ['refuses a tunnel', 'http', () => answering('HTTP/1.1 502 Bad Gateway\r\n\r\n'), 'https://site.test/'],
  [
    'asks for an unknown authentication',
    'http',
    () => answering('HTTP/1.1 407 Who\r\nproxy-authenticate: Odd realm=p\r\ncontent-length: 0\r\n\r\n'),
    'https://site.test/',
  ],
  ['is an unreachable SOCKS proxy', 'socks5', closedPort, 'http://site.test/'],
  ['is a SOCKS proxy that refuses', 'socks5', () => answering(REFUSING_SOCKS), 'http://site.test/'],
] as const

for (const [what, scheme, start, address] of PROXIES) {
  t.test(`a proxy that ${what} counts as proxy`, async t => {
    const proxied: BrowserContext = await browser.createBrowserContext({
      proxyServer: `${scheme}://127.0.0.1:${await start()}`,
    })
    const page = await proxied.newPage()
    const error = await thrownBy(() => page.goto(address))
    t.comment(messageOf(error))
    t.match(browserErrorKind(error), { code: 'proxy' }, messageOf(error))
    await proxied.close()
  })
}

t.test('a killed browser counts as browser-crash', async t => {
  const page = await context.newPage()
  const work = page.evaluate(() => new Promise(() => undefined))
  opened.kill()
  const error = await thrownBy(() => work)
  t.match(browserErrorKind(error), { code: 'browser-crash' }, messageOf(error))
  t.ok(mayBeDeath(await thrownBy(() => page.title())))
})
