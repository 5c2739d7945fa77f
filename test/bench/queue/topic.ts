import type { Topic } from '../harness/competitor.ts'
import { decisions, heldDecisions, looks } from './decisions.ts'

export const queue: Topic = {
  name: 'queue',
  title: 'look at the queue, decide, claim a job, end it; however long the queue is',
  figure: 'latency',
  unit: 'job',
  needsBrowser: false,
  opensPages: false,
  countsCpu: false,
  baseline: '100 queued',
  competitors: [
    decisions(100),
    decisions(1_000),
    decisions(10_000),
    decisions(100_000),
    heldDecisions(100),
    heldDecisions(100_000),
    looks(100),
    looks(100_000),
  ],
}
