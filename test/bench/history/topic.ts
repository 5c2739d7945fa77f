import type { Topic } from '../harness/competitor.ts'
import { starts } from './starts.ts'

const empty = starts('an empty project', { jobs: 0, crashes: 0 })

export const history: Topic = {
  name: 'history',
  title: 'start, find nothing to do, end; by the history that the database holds',
  figure: 'latency',
  unit: 'start',
  needsBrowser: false,
  opensPages: false,
  countsCpu: false,
  baseline: empty.name,
  competitors: [
    empty,
    starts('100,000 jobs, 10,000 crash reports', { jobs: 100_000, crashes: 10_000 }),
    starts('1,000,000 jobs, 100,000 crash reports', { jobs: 1_000_000, crashes: 100_000 }),
  ],
}
