import type { Page } from 'puppeteer'
import t from 'tap'
import type { Test } from 'tap'
import { ReusablePage } from '../../../../lib/execution/browser/reuse/reusable-page.ts'
import { guardedBrowser } from '../../../helpers/sites/guarded-browser.ts'
import { sessionSite } from '../../../helpers/sites/session-site.ts'
import type { SessionSite } from '../../../helpers/sites/session-site.ts'
import { until } from '../../../helpers/until.ts'

const chrome = Promise.resolve(await guardedBrowser(t, null))

type Job = (page: Page, site: SessionSite) => Promise<unknown>

/**
 * Runs a job in a page, gives the page to the next job, and expects that the next job sends and
 * finds nothing of the first job.
 */
async function leftBy(t: Test, job: Job, inPlace = false) {
  const site = await sessionSite(t)
  const quarters = new ReusablePage(chrome, inPlace)
  quarters.begin()
  const { page } = await quarters.opened
  await job(page, site)
  const { next, replaced } = await quarters.recycle()
  next.begin()
  const first = site.requests.length
  const { page: nextPage } = await next.opened
  await nextPage.goto(`${site.url}/next`)
  site.release()
  // After two more visits a late response has been processed.
  for (const visit of ['second', 'third']) await nextPage.goto(`${site.url}/next?${visit}`)
  const found = await nextPage.evaluate('document.cookie + Object.keys(localStorage)')
  const handed = site.requests
    .slice(first)
    .filter(({ path }) => path.startsWith('/next'))
    .flatMap(({ headers }) => [headers.cookie, headers.authorization, headers['sec-ch-ua-model']])
    .filter(header => header !== undefined)
  await nextPage.browserContext().close()
  t.equal([...handed, found].join(), '')
  return { replaced, same: next === quarters }
}

const whenLeft = (script: string) => `addEventListener('pagehide', () => { ${script} })`
const BEACON = `navigator.sendBeacon('/renew')`

/** Returns the address of a page that runs a script, with headers. */
function pageWith(path: string, script: string, ...headers: readonly string[]): string {
  const query = new URLSearchParams({ script })
  for (const header of headers) query.append('header', header)
  return `${path}?${query.toString()}`
}

/** Signs in, and sends a request to which the site does not respond before the end of the job. */
const pending =
  (script: string): Job =>
  async (page, site) => {
    await page.goto(`${site.url}/in`)
    await page.evaluate(script)
    await until('a request that the site holds back', () => site.held[0])
  }

const FROM_THE_JOB = {
  'a beacon': BEACON,
  'a fetch with keepalive': `void fetch('/renew', { keepalive: true })`,
  'a request for an image, left at once,': `addEventListener('pagehide', () => { new Image().src = '/renew' })
    location.reload()`,
  'a ping of a link': `const link = document.createElement('a')
    link.href = '#'
    link.ping = '/renew'
    link.click()`,
  'a report of a violation': `const frame = document.createElement('iframe')
    frame.src = '/?header=' + encodeURIComponent('content-security-policy: img-src none; report-uri /renew') +
      '&script=' + encodeURIComponent('new Image().src = "/forbidden.png"')
    document.body.append(frame)`,
}

for (const [what, script] of Object.entries(FROM_THE_JOB)) {
  t.test(`${what} without a response does not renew the login for the next job`, async t => {
    t.match(await leftBy(t, pending(script)), { same: false, replaced: /has no response yet/ })
  })
}

const FROM_THE_WIPE = {
  'a beacon': BEACON,
  'a fetch with keepalive': `void fetch('/renew', { keepalive: true })`,
  'an urgent request for an image': `const image = new Image()
    image.fetchPriority = 'high'
    image.src = '/renew'`,
}

for (const [what, script] of Object.entries(FROM_THE_WIPE)) {
  t.test(`${what} of a page that is left does not renew the login for the next job`, async t => {
    const job: Job = (page, { url }) => page.goto(pageWith(`${url}/in`, whenLeft(script)))
    t.match(await leftBy(t, job), { same: false })
    t.match(await leftBy(t, job, true), { same: false, replaced: /has no response yet/ })
  })
}

t.test('a beacon of a page left for another site does not renew the login', async t => {
  const left = await leftBy(t, async (page, { url }) => {
    await page.goto(pageWith(`${url}/in`, whenLeft(BEACON)))
    await page.goto(url.replace('127.0.0.1', 'localhost'))
  })
  t.match(left, { same: false, replaced: /another process/ })
})

/** Page that stores something when the browser leaves it, after a delay. */
const STORES_LATE = whenLeft(`
  const end = performance.now() + 300
  while (performance.now() < end);
  document.cookie = 'late=1; max-age=999'
  localStorage.late = 1`)
const ISOLATED = ['cross-origin-opener-policy: same-origin', 'cross-origin-embedder-policy: require-corp']

t.test('a page that isolates itself is wiped in its own process from the second job on', async t => {
  const site = await sessionSite(t)
  const address = pageWith(site.url, STORES_LATE, ...ISOLATED)
  let quarters = new ReusablePage(chrome)
  const replaced: (string | undefined)[] = []
  for (let job = 1; job <= 3; job += 1) {
    quarters.begin()
    const { page } = await quarters.opened
    await page.goto(address)
    t.equal(await page.evaluate('document.cookie + Object.keys(localStorage)'), '')
    const renewed = await quarters.recycle()
    replaced.push(renewed.replaced)
    if (renewed.next instanceof ReusablePage) quarters = renewed.next
  }
  t.match(replaced, [/another process/, undefined, undefined])
  await (await quarters.opened).context.close()
})

const SIGNS_IN: Record<string, Job> = {
  'a request': async (page, { url }) => {
    await page.goto(url)
    await page.evaluate(`new Promise(resolve => {
      const request = new XMLHttpRequest()
      request.open('GET', '/private', true, 'alice', 'opensesame')
      request.onload = resolve
      request.send()
    })`)
  },
  'a redirect': (page, { url }) => {
    const to = url.replace('://', '://alice:opensesame@')
    return page.goto(`${url}/?to=${encodeURIComponent(`${to}/private`)}`)
  },
}

for (const [what, job] of Object.entries(SIGNS_IN)) {
  t.test(`credentials in the address of ${what} are not sent for the next job`, async t => {
    t.match(await leftBy(t, job), { same: false, replaced: /carried credentials/ })
  })
}

t.test('client hints requested by a site are not sent for the next job', async t => {
  const asks = 'accept-ch: Sec-CH-UA-Model'
  const page = await leftBy(t, (page, { url }) => page.goto(pageWith(url, '', asks)))
  t.match(page, { same: false, replaced: /client hints/ })
  const redirected = await leftBy(t, (page, { url }) =>
    page.goto(`${url}/?to=/&header=${encodeURIComponent(asks)}`),
  )
  t.match(redirected, { same: false, replaced: /client hints/ })
})

t.test('a page of an ordinary site is reused, because its answered beacons leave nothing', async t => {
  const job: Job = async (page, site) => {
    site.release()
    await page.goto(`${site.url}/in`)
    await Promise.all([page.waitForResponse(`${site.url}/renew`), page.evaluate(BEACON)])
    await page.goto(`${site.url}/in?again`)
  }
  t.match(await leftBy(t, job, true), { same: true, replaced: undefined })
})
