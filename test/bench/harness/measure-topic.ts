import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchOptions, Competitor, Topic } from './competitor.ts'
import type { PageHost } from './page-host.ts'
import { runCompetitor } from './run-competitor.ts'
import type { Household, Outcome } from './run-competitor.ts'

/**
 * Folder in the checkout, because the system's temporary folder is memory on many machines, where a
 * sync costs nothing.
 */
const SCRATCH = join(import.meta.dirname, '..', '.scratch')

/** One competitor with the outcome of each round. */
export interface Series {
  readonly competitor: Competitor
  readonly outcomes: Outcome[]
}

/** Surroundings of the rounds. */
export interface Bench {
  readonly household: Household
  readonly pages: PageHost
  readonly options: Omit<BenchOptions, 'scratch'>
  readonly rounds: number
  report(line: string): void
}

async function measureOnce(bench: Bench, topic: Topic, competitor: Competitor): Promise<Outcome> {
  await mkdir(SCRATCH, { recursive: true })
  const scratch = await mkdtemp(join(SCRATCH, `${topic.name}-`))
  try {
    const servedBefore = await bench.pages.served()
    const outcome = await runCompetitor(topic, competitor, { ...bench.options, scratch }, bench.household)
    const served = (await bench.pages.served()) - servedBefore
    if (outcome.kind === 'measured' && topic.opensPages && served < outcome.measurement.units)
      return {
        kind: 'failed',
        reason: `It claims ${outcome.measurement.units} jobs, and opened ${served} pages.`,
      }
    return outcome
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 10 })
  }
}

/**
 * Measures the competitors of a topic in turns, A B C A B C, so that a change in the machine's load
 * meets all of them. A competitor that could not run is not tried again.
 */
export async function measureTopic(bench: Bench, topic: Topic): Promise<Series[]> {
  const series = topic.competitors.map(competitor => ({ competitor, outcomes: new Array<Outcome>() }))
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const { competitor, outcomes } of series) {
      if (outcomes.some(outcome => outcome.kind !== 'measured')) continue
      bench.report(`${topic.name}, round ${round} of ${bench.rounds}: ${competitor.name}`)
      const outcome = await measureOnce(bench, topic, competitor)
      outcomes.push(outcome)
      if (outcome.kind !== 'measured') bench.report(`  left out: ${outcome.reason}`)
    }
  }
  return series
}
