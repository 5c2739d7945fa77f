import type { Topic } from '../harness/competitor.ts'
import { discoverers } from './discoverers.ts'

export const discovery: Topic = {
  name: 'discovery',
  title:
    'from a discovery that one worker made until another one has it; one request a round, or the run fails',
  figure: 'latency',
  unit: 'result',
  needsBrowser: false,
  opensPages: false,
  countsCpu: false,
  baseline: '2 workers',
  competitors: [discoverers(2), discoverers(10), discoverers(30)],
}
