import { AutomateError } from '../../lib/core/errors/errors.ts'
import { auth } from './auth/topic.ts'
import { cancel } from './cancel/topic.ts'
import type { Competitor, Topic } from './harness/competitor.ts'
import { console } from './console/topic.ts'
import { crashExit } from './crash-exit/topic.ts'
import { discovery } from './discovery/topic.ts'
import { evidence } from './evidence/topic.ts'
import { history } from './history/topic.ts'
import { monitor } from './monitor/topic.ts'
import { jobs } from './jobs/topic.ts'
import { queue } from './queue/topic.ts'
import { store } from './store/topic.ts'
import { workerStart } from './worker-start/topic.ts'

/**
 * All topics, in the order of the report. A new topic is a folder with a `topic.ts`, and a name
 * here.
 */
export const topics: readonly Topic[] = [
  store,
  jobs,
  workerStart,
  cancel,
  crashExit,
  discovery,
  queue,
  history,
  evidence,
  auth,
  console,
  monitor,
]

/**
 * Returns the topic with the name.
 * @throws `usage` if no topic has the name.
 */
export function findTopic(name: string): Topic {
  const topic = topics.find(candidate => candidate.name === name)
  if (topic !== undefined) return topic
  const known = topics.map(candidate => candidate.name).join(', ')
  throw new AutomateError('usage', `There is no topic "${name}". The topics are: ${known}.`)
}

/**
 * Returns the topic's competitor with the name.
 * @throws `usage` if no competitor of the topic has the name.
 */
export function findCompetitor(topic: Topic, name: string): Competitor {
  const competitor = topic.competitors.find(candidate => candidate.name === name)
  if (competitor !== undefined) return competitor
  const known = topic.competitors.map(candidate => `"${candidate.name}"`).join(', ')
  throw new AutomateError('usage', `"${topic.name}" has no competitor "${name}". It has: ${known}.`)
}
