import type { Browser, Page } from 'puppeteer'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { launchOptions } from '../harness/launch-options.ts'
import { pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { inLanes } from './in-lanes.ts'
import { readPage } from './read-page.ts'

/** Gives a lane its page for one job, and takes the page back after the job. */
interface PageSource {
  open(lane: number): Promise<Page>
  close(page: Page): Promise<void>
}

/** Runs the jobs. `browsers` is the number of browsers that share the lanes. */
async function run(
  options: BenchOptions,
  source: (browser: Browser) => PageSource,
  browsers = 1,
): Promise<Measurement> {
  const { default: puppeteer } = await import('puppeteer')
  return timeRate(options.jobs, async () => {
    const launched = await Promise.all(
      Array.from({ length: browsers }, () => puppeteer.launch(launchOptions(options.browserPath))),
    )
    const sources = launched.map(source)
    await inLanes(options.jobs, options.concurrency, async (job, lane) => {
      const pages = sourceOf(sources, lane)
      const page = await pages.open(lane)
      await page.goto(pageUrl(options.pagesUrl, job))
      await readPage(page, job)
      await pages.close(page)
    })
    await Promise.all(launched.map(browser => browser.close()))
  })
}

function sourceOf(sources: readonly PageSource[], lane: number): PageSource {
  const source = sources[lane % sources.length]
  if (source === undefined) throw new Error('There is no browser.')
  return source
}

function reusedPages(browser: Browser): PageSource {
  const pages = new Map<number, Page>()
  return {
    open: async lane => {
      const page = pages.get(lane) ?? (await browser.newPage())
      pages.set(lane, page)
      return page
    },
    close: async () => undefined,
  }
}

function newPages(browser: Browser): PageSource {
  return { open: () => browser.newPage(), close: page => page.close() }
}

function newContexts(browser: Browser): PageSource {
  return {
    open: async () => (await browser.createBrowserContext()).newPage(),
    close: page => page.browserContext().close(),
  }
}

/**
 * Bare puppeteer, from the least to the most separation between jobs. The last is the lower bound
 * of every pool with a browser for each worker, such as ours, because it does no other work.
 */
export const rawPuppeteer: readonly Competitor[] = [
  { name: 'raw: page reused', run: options => run(options, reusedPages) },
  { name: 'raw: new page', run: options => run(options, newPages) },
  { name: 'raw: new context', run: options => run(options, newContexts) },
  {
    name: 'raw: new context, a browser a lane',
    run: options => run(options, newContexts, options.concurrency),
  },
]
