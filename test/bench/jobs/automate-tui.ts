import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { PageContent, checkContent, pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { startProgram } from '../ours/program.ts'
import { makeProject } from '../ours/project.ts'
import { openOurs } from '../ours/store.ts'

/** Queues the jobs and returns their ids, in order. */
async function queueJobs(options: BenchOptions, workflow: string): Promise<number[]> {
  const store = await openOurs(options.scratch, 'transient')
  const ids: number[] = []
  for (let job = 0; job < options.jobs; job += 1) {
    const input = { url: pageUrl(options.pagesUrl, job) }
    ids.push(
      (await store.call('jobs.enqueue', { workflow, input, workers: 1, retries: 0, origin: 'bench' })).id,
    )
  }
  await store.close()
  return ids
}

async function checkResults(options: BenchOptions, ids: readonly number[]): Promise<void> {
  const store = await openOurs(options.scratch, 'transient')
  for (const [job, id] of ids.entries()) {
    const read = await store.call('jobs.read', { id })
    if (read?.state !== 'succeeded')
      throw new AutomateError('result-invalid', `Job ${id} is ${read?.state ?? 'missing'}, not succeeded.`)
    checkContent(PageContent.parse(read.result), job)
  }
  await store.close()
}

/**
 * Runs the jobs with the whole program, in a project with these settings in addition to the bench's
 * own.
 */
export async function runProgram(
  options: BenchOptions,
  workflow: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Measurement> {
  const { concurrency, browserPath } = options
  makeProject(options.scratch, { workers: concurrency, browserPath, settings })
  const ids = await queueJobs(options, workflow)
  const measurement = await timeRate(
    options.jobs,
    () => startProgram(options.scratch, { flags: ['--until-idle'] }).ended,
  )
  await checkResults(options, ids)
  return measurement
}

const competitor = (kind: string, workflow: string): Competitor => ({
  name: `automate-tui: ${kind}`,
  spawnsProgram: true,
  run: options => runProgram(options, workflow),
})

/**
 * The whole program in each of its isolations, from the start on a project with queued jobs until
 * it is idle and has ended. Each job is durable.
 */
export const automateTui: readonly Competitor[] = [
  competitor('process', 'read-page'),
  competitor('browser', 'read-page-browser'),
  competitor('context', 'read-page-context'),
  competitor('page', 'read-page-page'),
  competitor('process, TypeScript workflow', 'read-page-typed'),
]
