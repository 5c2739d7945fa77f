import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { NO_SECRETS } from '../../../lib/model/worker/worker-secrets.ts'
import type { WorkerSecrets } from '../../../lib/model/worker/worker-secrets.ts'
import { openBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import type { BenchOptions, Measurement } from '../harness/competitor.ts'
import { LOGIN } from '../harness/page-server.ts'
import { timeRate } from '../harness/timing.ts'
import { launchProfile } from '../ours/launch-profile.ts'
import { withProxy } from './proxy-host.ts'

/**
 * Requests of each job. A request takes a millisecond or two, so a single request could not be
 * measured.
 */
const REQUESTS_A_JOB = 10

/** Parties that ask for the login (`proxy`, `site`), and the party that supplies it. */
export interface Asked {
  readonly proxy: boolean
  readonly site: boolean
  readonly answers: 'automate-tui' | 'page.authenticate'
}

/**
 * Times requests of one page, one after another, through a proxy and to a site that may ask for a
 * login. The browser is ours in every case, so the only difference is the part that supplies the
 * login. The clock starts after the first response.
 */
export async function requestPages(options: BenchOptions, asked: Asked): Promise<Measurement> {
  return withProxy(asked.proxy, async server => {
    const folder = (name: string) => join(options.scratch, name)
    const browser = openBrowser(
      {
        launch: { ...launchProfile(options.browserPath), proxyServer: server },
        access: asked.answers === 'automate-tui' ? accessTo(asked, server, options.pagesUrl) : NO_SECRETS,
        folders: { profile: folder('profile'), crashDumps: folder('dumps'), ports: folder('ports') },
        output: folder('chrome.log'),
      },
      systemClock,
    )
    try {
      const { page } = await browser.opened
      if (asked.answers === 'page.authenticate') await page.authenticate(LOGIN)
      const url = `${options.pagesUrl}${asked.site ? '/private' : ''}/page`
      await page.goto(`${url}/0`)
      const requests = options.jobs * REQUESTS_A_JOB
      return await timeRate(requests, () => request(page, url, requests))
    } finally {
      await browser.close()
    }
  })
}

function accessTo({ proxy, site }: Asked, server: string, pagesUrl: string): WorkerSecrets {
  return {
    proxy: proxy ? { server, ...LOGIN } : null,
    sites: site ? [{ origin: new URL(pagesUrl).origin, ...LOGIN }] : [],
  }
}

/**
 * Runs requests in the page, as a string because the compiler knows no document here. Any status
 * but 200 fails the bench.
 */
async function request(page: Page, url: string, requests: number): Promise<void> {
  await page.evaluate(`(async () => {
    for (let n = 1; n <= ${requests}; n += 1) {
      const answer = await fetch('${url}/' + n)
      if (answer.status !== 200) throw new Error('answered ' + answer.status)
      await answer.text()
    }
  })()`)
}
