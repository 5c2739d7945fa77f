import type { Topic } from '../harness/competitor.ts'
import { ours } from './ours.ts'
import { pm2 } from './pm2.ts'

export const monitor: Topic = {
  name: 'monitor',
  title:
    'watching processes that log 5,000 lines a second: from a key to its painted frame, median; a key every 2 seconds',
  figure: 'latency',
  unit: 'key',
  needsBrowser: true,
  opensPages: false,
  countsCpu: true,
  baseline: pm2.name,
  competitors: [pm2, ours],
}
