import type { Topic } from '../harness/competitor.ts'
import { automateTui } from './automate-tui.ts'
import { emptyFork, forkWithBrowser } from './bare-forks.ts'

export const workerStart: Topic = {
  name: 'worker-start',
  title: 'from the fork to the first word of the worker, one at a time',
  figure: 'latency',
  unit: 'start',
  needsBrowser: true,
  opensPages: false,
  countsCpu: true,
  baseline: forkWithBrowser.name,
  competitors: [emptyFork, forkWithBrowser, ...automateTui],
}
