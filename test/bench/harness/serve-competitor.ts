import process from 'node:process'
import { errorCode, messageOf } from '../../../lib/core/errors/errors.ts'
import type { BenchOptions, Competitor } from './competitor.ts'
import { ToCompetitor } from './protocol.ts'
import type { RunEnding } from './protocol.ts'

async function perform(competitor: Competitor, options: BenchOptions): Promise<RunEnding> {
  try {
    return { kind: 'done', measurement: await competitor.run(options) }
  } catch (error) {
    const kind = errorCode(error) === 'environment-unfit' ? 'unfit' : 'failed'
    return { kind, reason: messageOf(error) }
  }
}

/** Runs the life of a competitor's process: ready, go, its result, leave. */
export function serveCompetitor(competitor: Competitor): void {
  process.on('message', async raw => {
    const message = ToCompetitor.parse(raw)
    if (message.kind === 'leave') process.disconnect()
    else process.send?.(await perform(competitor, message.options))
  })
  process.send?.({ kind: 'ready' })
}
