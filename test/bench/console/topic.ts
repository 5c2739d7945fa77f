import type { Topic } from '../harness/competitor.ts'
import { busy, idle } from './keys.ts'

export const console: Topic = {
  name: 'console',
  title:
    'from a key to the painted frame that shows what it does, 95th percentile; every line counted in the files',
  figure: 'latency',
  unit: 'key',
  needsBrowser: true,
  opensPages: false,
  countsCpu: true,
  baseline: idle.name,
  competitors: [idle, busy],
}
