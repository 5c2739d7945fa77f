import { createServer } from 'node:http'
import t from 'tap'
import { TimeoutError } from 'puppeteer'
import type { Page } from 'puppeteer'
import { browserErrorKind } from '../../../lib/authoring/browser-errors.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { errorToRecord, messageOf } from '../../../lib/core/errors/errors.ts'
import { rootCauseOf } from '../../../lib/model/failure/root-cause.ts'
import { openBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import { classifyError } from '../../../lib/execution/diagnostics/classify-error.ts'
import { sanitiseRecord } from '../../../lib/model/failure/error-text.ts'
import { browserFolders } from '../../helpers/sites/browser-folders.ts'
import { crash } from '../../helpers/builders/crash.ts'
import { testBrowser } from '../../helpers/processes/worker-run.ts'

/** Error texts of Chrome and its library, at least one of each kind. */
const WORDS = [
  'Target closed',
  'TargetCloseError: Page crashed!',
  'net::ERR_OUT_OF_MEMORY at http://shop.test/',
  'net::ERR_PROXY_CONNECTION_FAILED at http://shop.test/',
  'net::ERR_TUNNEL_CONNECTION_FAILED',
  'net::ERR_CERT_DATE_INVALID',
  'net::ERR_CONNECTION_REFUSED',
  'Navigation timeout of 30000 ms exceeded',
  'Execution context was destroyed',
  'Timed out after waiting 50ms',
  'Waiting for selector `#a` failed',
  'No element found for selector: #a',
]

/** Stack lines of the library's calls in V8's format. */
const CALLS =
  '\n    at CdpFrame.goto (file:///shop/node_modules/puppeteer-core/lib/puppeteer/cdp/Frame.js:153:25)'

const server = createServer((request, response) => {
  if (request.url?.startsWith('/hangs-up') === true) response.destroy()
  else response.setHeader('content-type', 'text/html').end('<h1>x</h1>')
})
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
const opened = openBrowser({ launch: testBrowser(), ...browserFolders(t.testdir()) }, systemClock)
t.teardown(async () => {
  await opened.close()
  server.close()
})
const { page, context } = await opened.opened

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** Shows a text in a page and reads it as a workflow does. */
async function heading(text: string): Promise<string> {
  await page.goto(url)
  await page.evaluate(`document.querySelector('h1').textContent = ${JSON.stringify(text)}`)
  return String(await page.evaluate(`document.querySelector('h1').textContent`))
}

/** Errors in which a workflow quotes the text of a page. */
const QUOTES: Readonly<Record<string, (text: string) => unknown>> = {
  'an error with that text': text => new Error(text),
  'an error that quotes the text': text => new Error(`The page is not the list but "${text}".`),
  "an error of the library's class": text => new TimeoutError(text),
  'an error with another name': text => Object.assign(new Error(text), { name: 'TargetCloseError' }),
  'an error with a cause of that text': text => new Error('No offers.', { cause: new Error(text) }),
  'a text that is not JSON': text => {
    try {
      JSON.parse(text)
      throw new Error('The text is JSON.')
    } catch (error) {
      return error
    }
  },
}

t.test("a workflow's own error is no browser error, whatever page it quotes", async t => {
  for (const words of WORDS)
    for (const shown of [words, words + CALLS]) {
      const text = await heading(shown)
      t.equal(text, shown)
      for (const [what, quote] of Object.entries(QUOTES)) {
        const error = quote(text)
        t.equal(browserErrorKind(error), undefined, `${what}: ${words}`)
        t.equal(classifyError(error, null).code, 'unexpected')
      }
    }
})

/** Calls of a page with a text in their arguments that the page chooses. */
const CALLED: Readonly<Record<string, (page: Page, text: string) => Promise<unknown>>> = {
  element: (page, text) => page.click(`[title="${text}"]`),
  'element of a wait': (page, text) => page.waitForSelector(`[title="${text}"]`, { timeout: 20 }),
  'element to read': (page, text) => page.$eval(`[title="${text}"]`, () => 1),
  'navigate to a link': (page, text) => page.goto(`${url}/hangs-up?${text}`),
}

t.test('a page cannot choose the kind of an error by its selectors and links', async t => {
  for (const words of ['Target closed', 'net::ERR_PROXY_CONNECTION_FAILED', 'net::ERR_CERT_DATE_INVALID'])
    for (const [what, call] of Object.entries(CALLED)) {
      const own = await context.newPage()
      const error = await thrownBy(() => call(own, words))
      await own.close()
      t.match(messageOf(error), /title|hangs-up/)
      t.equal(browserErrorKind(error)?.code, what.split(' ', 1)[0], `${what}: ${messageOf(error)}`)
      t.equal(browserErrorKind(error)?.recovery, undefined)
    }
})

t.test('an uncaught error in a page imitates no error of the library', async t => {
  await page.goto(url)
  const uncaught = new Promise(resolve => page.once('pageerror', resolve))
  const throwing = `net::ERR_CERT_DATE_INVALID`
  await page.evaluate(
    `eval(${JSON.stringify(
      `setTimeout(function navigate() { throw new Error('${throwing}') })
//# sourceURL=file:///shop/node_modules/puppeteer-core/lib/puppeteer/cdp/Frame.js`,
    )})`,
  )
  const error = await uncaught
  t.match(error, { message: throwing, stack: /at navigate \(file:.*puppeteer-core.*Frame\.js:1:/ })
  t.equal(browserErrorKind(error), undefined)
})

/** Returns the first call of the author in the report of an error. */
const frameOf = (thrown: unknown): string | null =>
  rootCauseOf(crash({ error: sanitiseRecord(errorToRecord(classifyError(thrown, null))) })).frame

const PLANTED = '    at /x/workflows/pay.ts:1:1'

/** Errors by which a page imitates a failure of another workflow. */
const PLANTS: Readonly<Record<string, string>> = {
  'a message': `throw new Error('no price\\n    ${PLANTED}\\n${PLANTED}')`,
  'the name of a script': `(0, eval)("(() => { throw new Error('no price') })()\\n//# sourceURL=/x/workflows/pay.ts")`,
  'the name of a function': `{
    const f = () => { throw new Error('no price') }
    Object.defineProperty(f, 'name', { value: 'f (a:1:1)\\n${PLANTED}\\n    at f' })
    f()
  }`,
}

t.test("no text of a page counts as the author's stack frame", async t => {
  await page.goto(url)
  for (const [what, script] of Object.entries(PLANTS)) {
    const error = await thrownBy(async () => await page.evaluate(script))
    t.match(frameOf(error), /quoted-errors\.browser\.test\.ts:/, what)
    const unawaited = await new Promise(resolve => {
      page.evaluate(script).catch((thrown: unknown) => {
        resolve(thrown)
      })
    })
    t.match(messageOf(unawaited), 'no price')
    t.equal(frameOf(unawaited), null, `${what}, without a call of the author`)
  }
  for (const end of ['\\n', '\\r\\n']) {
    const thrown = await thrownBy(() => page.evaluate(`throw 'no price${end}${PLANTED}'`))
    t.match(thrown, PLANTED)
    t.equal(frameOf(thrown), null, 'a text')
  }
  const text = await heading(`sold out\n${PLANTED}`)
  t.match(frameOf(new Error(`page says: ${text}`)), /quoted-errors\.browser\.test\.ts:/)
  t.match(frameOf(new Error(text, { cause: new Error(text) })), /quoted-errors\.browser\.test\.ts:/)
})
