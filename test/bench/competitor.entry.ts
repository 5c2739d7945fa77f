import process from 'node:process'
import { z } from 'zod'
import { serveCompetitor } from './harness/serve-competitor.ts'
import { findCompetitor, findTopic } from './topics.ts'

// The channel closes when the runner has finished or died. In both cases this process is no longer
// needed.
process.on('disconnect', () => process.exit())
const [topic, competitor] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2))
serveCompetitor(findCompetitor(findTopic(topic), competitor))
