import process from 'node:process'
import { z } from 'zod'
import { serveCompetitor } from './harness/serve-competitor.ts'
import { findCompetitor, findTopic } from './topics.ts'

const [topic, competitor] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2))
serveCompetitor(findCompetitor(findTopic(topic), competitor))
