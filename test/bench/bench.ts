import { AutomateError } from '../../lib/core/errors/errors.ts'
import { findBrowser } from '../../lib/execution/browser/find/find-browser.ts'
import type { BenchFlags } from './harness/bench-flags.ts'
import type { Topic } from './harness/competitor.ts'
import { installPeers } from './harness/install-peers.ts'
import { measureTopic } from './harness/measure-topic.ts'
import { startPageHost } from './harness/page-host.ts'
import { becomeReaper } from './harness/reaper.ts'
import { reportTable } from './harness/report-table.ts'
import { readSurroundings } from './harness/surroundings.ts'
import { reportTopic } from './harness/topic-report.ts'
import type { TopicReport } from './harness/topic-report.ts'
import { compile } from './ours/compiled.ts'
import { findCompetitor, findTopic, topics } from './topics.ts'

/** Receivers of the report and of progress messages. */
export interface Output {
  result(line: string): void
  progress(line: string): void
}

function chooseTopics(flags: BenchFlags): Topic[] {
  const chosen = flags.topics.length === 0 ? [...topics] : flags.topics.map(findTopic)
  return withBaseline(flags, chosen).map(topic => leaveOut(flags.only, topic))
}

function withBaseline(flags: BenchFlags, chosen: Topic[]): Topic[] {
  const [only, another] = chosen
  if (flags.baseline === undefined || only === undefined) return chosen
  if (another !== undefined)
    throw new AutomateError(
      'usage',
      'A baseline belongs to one topic. Name that topic, or leave the baseline out.',
    )
  return [{ ...only, baseline: findCompetitor(only, flags.baseline).name }]
}

function leaveOut(only: readonly string[], topic: Topic): Topic {
  if (only.length === 0) return topic
  const competitors = topic.competitors.filter(
    ({ name }) => name === topic.baseline || only.some(part => name.includes(part)),
  )
  return { ...topic, competitors }
}

/**
 * Measures the topics of the flags, one after another, and prints them.
 * @returns true if every competitor that this machine can run did its work.
 * @throws `usage` if a topic or baseline does not exist.
 */
export async function bench(flags: BenchFlags, output: Output): Promise<boolean> {
  const chosen = chooseTopics(flags)
  installPeers(line => output.progress(line))
  compile(line => output.progress(line))
  const browserPath = findBrowser()?.path
  const reap = becomeReaper()
  if (reap === undefined) output.progress('CPU time and memory of process trees are measured on Linux only.')
  const surroundings = readSurroundings(browserPath)
  const pages = await startPageHost()
  const ownChildren = new Set(pages.pid === undefined ? [] : [pages.pid])
  const { rounds, ...counts } = flags.counts
  const options = { ...counts, pagesUrl: pages.url, browserPath: browserPath ?? '' }
  const reports: TopicReport[] = []
  if (!flags.json) {
    const { node, puppeteer, browser, platform, cores } = surroundings
    output.result(
      `Node ${node}, puppeteer ${puppeteer} for all, ${browser ?? 'no browser'}, ${platform}, ${cores} cores`,
    )
    output.result(
      Object.entries(flags.counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    )
  }
  try {
    for (const topic of chosen) {
      if (topic.needsBrowser && browserPath === undefined) {
        output.progress(
          `${topic.name}: left out, no browser was found. Set AUTOMATE_BROWSER to the path of one.`,
        )
        continue
      }
      const household = { ownChildren, reap }
      const report = (line: string) => output.progress(line)
      const series = await measureTopic({ household, pages, options, rounds, report }, topic)
      const topicReport = reportTopic(topic, series, topic.baseline)
      reports.push(topicReport)
      if (!flags.json) output.result(['', ...reportTable(topicReport)].join('\n'))
    }
  } finally {
    await pages.stop()
  }
  if (flags.json)
    output.result(JSON.stringify({ ...surroundings, ...flags.counts, topics: reports }, null, 2))
  return reports.every(({ rows }) => rows.every(({ state }) => state !== 'failed'))
}
