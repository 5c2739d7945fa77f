import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { BrowserContext, DownloadBehavior, Page } from 'puppeteer'
import t from 'tap'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import {
  findBrowser,
  requireBrowser,
  thisMachine,
} from '../../../../lib/execution/browser/find/find-browser.ts'
import { openBrowser } from '../../../../lib/execution/browser/launch/open-browser.ts'
import { browserFolders } from '../../../helpers/sites/browser-folders.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { until } from '../../../helpers/until.ts'
import { testBrowser } from '../../../helpers/processes/worker-run.ts'

/** Calls a function of puppeteer that its types leave out. */
function setBehavior(context: BrowserContext, behavior: DownloadBehavior): Promise<unknown> {
  const set: unknown = Reflect.get(context, 'setDownloadBehavior')
  if (typeof set !== 'function') throw new Error('puppeteer cannot set the behaviour of downloads')
  return Promise.resolve(Reflect.apply(set, context, [behavior]))
}

async function siteWithFile(t: { teardown(end: () => void): void }): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/file') {
      const headers = { 'content-disposition': 'attachment; filename="bill.txt"' }
      response.writeHead(200, headers).end('12 EUR')
    } else response.setHeader('content-type', 'text/html').end('<a href="/file">bill</a>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}/`
}

/** Clicks the link of a file and returns how its download ended. */
async function download(page: Page, url: string): Promise<string> {
  const session = await page.createCDPSession()
  let state = ''
  session.on('Page.downloadProgress', progress => (state = progress.state))
  await session.send('Page.enable')
  await page.goto(url)
  await page.click('a')
  return until('the end of the download', () => (/canceled|completed/.test(state) ? state : undefined))
}

const found = [requireBrowser(), findBrowser(thisMachine(), true)].flatMap(browser => browser ?? [])
for (const [path, kind] of new Map(found.map(({ path, kind }) => [path, kind]))) {
  t.test(`${kind} refuses downloads until the workflow allows them`, async t => {
    const home = newFolder()
    const usual = process.env['HOME'] ?? ''
    t.teardown(() => (process.env['HOME'] = usual))
    process.env['HOME'] = home
    const url = await siteWithFile(t)
    const launch = { ...testBrowser(), executable: path, kind }
    const worker = openBrowser({ launch, ...browserFolders(newFolder()) }, systemClock)
    t.teardown(() => worker.close())
    const { page, context } = await worker.opened

    t.equal(await download(page, url), 'canceled')
    const other = await page.browser().createBrowserContext()
    t.equal(await download(await other.newPage(), url), 'canceled', 'in another context too')
    t.notOk(existsSync(join(home, 'Downloads')))

    const folder = join(home, 'allowed')
    mkdirSync(folder)
    await setBehavior(context, { policy: 'allow', downloadPath: folder })
    t.equal(await download(page, url), 'completed')
    t.equal(readFileSync(join(folder, 'bill.txt'), 'utf8'), '12 EUR')

    const own = join(home, 'own')
    mkdirSync(own)
    const allowing = await page
      .browser()
      .createBrowserContext({ downloadBehavior: { policy: 'allow', downloadPath: own } })
    t.equal(await download(await allowing.newPage(), url), 'completed', 'in a context of the workflow too')
    t.ok(existsSync(join(own, 'bill.txt')))
  })
}
