import type { LaunchOptions, Page } from 'puppeteer'
import { z } from 'zod'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { loadPeer } from '../harness/load-peer.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { launchOptions } from '../harness/launch-options.ts'
import { pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { readPage } from './read-page.ts'

interface CrawlerOptions {
  launchContext: { launcher: unknown; launchOptions: LaunchOptions }
  minConcurrency: number
  maxConcurrency: number
  maxRequestRetries: number
  browserPoolOptions: { useFingerprints: boolean }
  requestHandler(given: { page: Page; request: { userData: unknown } }): Promise<void>
}

interface Crawler {
  run(requests: readonly { url: string; userData: { job: number } }[]): Promise<unknown>
}

type CrawlerClass = new (options: CrawlerOptions, configuration: object) => Crawler
type ConfigurationClass = new (options: { persistStorage: boolean }) => object

const isClass = (value: unknown) => typeof value === 'function'
const Surface = z.object({
  PuppeteerCrawler: z.custom<CrawlerClass>(isClass),
  Configuration: z.custom<ConfigurationClass>(isClass),
  log: z.custom<{ setLevel(level: number): void; LEVELS: { OFF: number } }>(
    value => typeof value === 'object',
  ),
})
const UserData = z.object({ job: z.int() })
const Statistics = z.object({ requestsFinished: z.int() })

async function run(options: BenchOptions): Promise<Measurement> {
  const { PuppeteerCrawler, Configuration, log } = await loadPeer('@crawlee/puppeteer', Surface)
  const { default: puppeteer } = await import('puppeteer')
  log.setLevel(log.LEVELS.OFF)
  return timeRate(options.jobs, async () => {
    const crawler = new PuppeteerCrawler(
      {
        launchContext: { launcher: puppeteer, launchOptions: launchOptions(options.browserPath) },
        // The number is fixed, because autoscaling on a shared machine is another question.
        minConcurrency: options.concurrency,
        maxConcurrency: options.concurrency,
        maxRequestRetries: 0,
        // The other competitors do no fingerprinting work.
        browserPoolOptions: { useFingerprints: false },
        requestHandler: ({ page, request }) => readPage(page, UserData.parse(request.userData).job),
      },
      new Configuration({ persistStorage: false }),
    )
    const requests = Array.from({ length: options.jobs }, (_, job) => ({
      url: pageUrl(options.pagesUrl, job),
      userData: { job },
    }))
    const { requestsFinished } = Statistics.parse(await crawler.run(requests))
    if (requestsFinished !== options.jobs)
      throw new AutomateError(
        'result-invalid',
        `Crawlee finished ${requestsFinished} of ${options.jobs} jobs. Raise its log level to see why.`,
      )
  })
}

/** Crawlee's PuppeteerCrawler with its storage in memory, at a fixed concurrency. */
export const crawlee: Competitor = { name: 'Crawlee PuppeteerCrawler', run }
