import type { LaunchOptions, Page } from 'puppeteer'
import { z } from 'zod'
import { loadPeer } from '../harness/load-peer.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { launchOptions } from '../harness/launch-options.ts'
import { pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { readPage } from './read-page.ts'

type Concurrency = 'CONCURRENCY_PAGE' | 'CONCURRENCY_CONTEXT' | 'CONCURRENCY_BROWSER'

interface Cluster {
  task(perform: (given: { page: Page; data: number }) => Promise<void>): Promise<void>
  execute(data: number): Promise<void>
  close(): Promise<void>
}

interface ClusterClass extends Readonly<Record<Concurrency, number>> {
  launch(options: {
    concurrency: number
    maxConcurrency: number
    puppeteer: unknown
    puppeteerOptions: LaunchOptions
  }): Promise<Cluster>
}

const Surface = z.object({ Cluster: z.custom<ClusterClass>(value => typeof value === 'function') })

async function run(options: BenchOptions, concurrency: Concurrency): Promise<Measurement> {
  const { Cluster } = await loadPeer('puppeteer-cluster', Surface)
  const { default: puppeteer } = await import('puppeteer')
  return timeRate(options.jobs, async () => {
    const cluster = await Cluster.launch({
      concurrency: Cluster[concurrency],
      maxConcurrency: options.concurrency,
      puppeteer,
      puppeteerOptions: launchOptions(options.browserPath),
    })
    await cluster.task(async ({ page, data: job }) => {
      await page.goto(pageUrl(options.pagesUrl, job))
      await readPage(page, job)
    })
    await Promise.all(Array.from({ length: options.jobs }, (_, job) => cluster.execute(job)))
    await cluster.close()
  })
}

/** puppeteer-cluster in each of its three kinds of isolation. */
export const puppeteerCluster: readonly Competitor[] = [
  { name: 'puppeteer-cluster: page', run: options => run(options, 'CONCURRENCY_PAGE') },
  { name: 'puppeteer-cluster: context', run: options => run(options, 'CONCURRENCY_CONTEXT') },
  { name: 'puppeteer-cluster: browser', run: options => run(options, 'CONCURRENCY_BROWSER') },
]
