import type { Topic } from '../harness/competitor.ts'
import { automateTui } from './automate-tui.ts'
import { crawlee } from './crawlee.ts'
import { forkAndLaunch } from './fork-and-launch.ts'
import { puppeteerCluster } from './puppeteer-cluster.ts'
import { rawPuppeteer } from './raw-puppeteer.ts'

export const jobs: Topic = {
  name: 'jobs',
  title: 'open a local page, read its title and ten links, close',
  figure: 'rate',
  unit: 'job',
  needsBrowser: true,
  opensPages: true,
  countsCpu: true,
  baseline: 'raw: new context',
  competitors: [...automateTui, ...rawPuppeteer, forkAndLaunch, ...puppeteerCluster, crawlee],
}
