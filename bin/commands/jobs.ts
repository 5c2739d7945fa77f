import { AutomateError } from '../../lib/core/errors/errors.ts'
import { DEAD_STATES, JOB_STATES, JobState, isUnresolved } from '../../lib/model/job/job.ts'
import { jobMessage } from '../../lib/locales/format/wait-reason-words.ts'
import { missingWorkflowWords } from '../../lib/locales/format/missing-workflow-words.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { jobsNeedingAttention, jobStateWords } from '../../lib/app/port/attention.ts'
import type { Attention } from '../../lib/app/port/attention.ts'
import { missingOf } from '../../lib/app/port/missing-workflow.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { findWorkflow, jobInput } from '../../lib/app/use-cases/job-input.ts'
import { jobRequest, parseJobId } from '../job-flags.ts'
import type { JobFlags } from '../job-flags.ts'
import { unlistedProxy } from '../proxy-flag.ts'
import { jobText } from '../output/job-text.ts'
import { waitsOf } from '../../lib/app/queries/job-waits.ts'
import { liveWorkers } from '../../lib/app/queries/running-workers.ts'
import { parseLimit, readNewest } from '../../lib/app/queries/pagination.ts'
import { localTime, printResult, table } from '../output/output.ts'
import { languageOf, openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { readProjectState } from '../../lib/app/queries/project-state.ts'
import { withQueueWarning } from '../../lib/app/use-cases/queue-warning.ts'
import { retryDeadJobs } from '../../lib/app/use-cases/retry-dead.ts'
import { readStore, withStore } from '../../lib/app/project/with-store.ts'

export interface JobFilter {
  readonly state?: string
  /** True to list failed and parked jobs only. */
  readonly dead?: boolean
  readonly workflow?: string
  /** Maximum number of jobs in the list, newest first. */
  readonly limit?: string
}

export async function listJobs(
  flags: ProjectFlags,
  { state, dead = false, workflow, limit: wantedLimit }: JobFilter,
  json: boolean,
): Promise<ExitCode> {
  const wanted = state === undefined ? undefined : JobState.safeParse(state)
  if (wanted?.success === false) {
    throw new AutomateError('usage', `--state must be one of ${JOB_STATES.join(', ')}, got "${state ?? ''}".`)
  }
  if (dead && wanted !== undefined) {
    throw new AutomateError(
      'usage',
      '--dead and --state cannot be combined, because --dead already means failed or parked.',
    )
  }
  const states = dead ? [...DEAD_STATES] : wanted === undefined ? undefined : [wanted.data]
  const limit = parseLimit(wantedLimit)
  const project = await openProject(flags, { readOnly: true })
  const words = wordsOf(project)
  const { commands } = words
  const t = translatorFor(languageOf(project))
  const { rows, cut, calls, scheduler, alone } = await readStore(project, async (store, alone) => ({
    alone,
    calls: await callsOf(project, alone),
    scheduler: alone ? null : (await readProjectState(project.paths, store, alone)).scheduler,
    ...(await readNewest(limit, page =>
      store.call('jobs.list', {
        ...page,
        ...(states === undefined ? {} : { states }),
        ...(workflow === undefined ? {} : { workflow }),
      }),
    )),
  }))
  printResult(rows, json, list =>
    list.length === 0
      ? commands.noJobs
      : table(
          Object.values(commands.jobColumns),
          list.map(job => {
            const missing = missingOf(job, scheduler)
            return [
              job.id,
              job.workflow,
              jobStateWords(job, calls, words),
              job.priority,
              isUnresolved(job, 'workers') ? '' : job.workers,
              job.attempt,
              localTime(job.queuedAt),
              localTime(job.endedAt),
              missing === undefined ? jobMessage(job, words) : missingWorkflowWords(missing, t),
            ]
          }),
        ),
  )
  if (cut) process.stderr.write(`${commands.listCut(limit)}\n`)
  if (alone) warnOfInterrupted(rows, words)
  return EXIT.done
}

/**
 * Prints all fields of one job, and the reasons why it is not running.
 * @throws `job-missing` if there is no such job.
 */
export async function showJob(flags: ProjectFlags, id: string, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const t = translatorFor(languageOf(project))
  const { job, waits, calls, alone } = await readStore(project, async (store, alone) => {
    const job = await store.call('jobs.read', { id: parseJobId(id) })
    if (job === null) {
      throw new AutomateError('job-missing', `There is no job ${id}. "automate-tui jobs" lists the jobs.`)
    }
    const waits = await waitsOf(project.paths, store, alone, job)
    return { job, waits, calls: await callsOf(project, alone), alone }
  })
  printResult({ ...job, waits }, json, one => jobText(one, { calls, waits }, t))
  if (alone) warnOfInterrupted([job], t.words)
  return EXIT.done
}

/** Warns on stderr if a job is still stored as running although its scheduler has ended. */
function warnOfInterrupted(jobs: readonly { readonly state: string }[], { commands }: Catalogue): void {
  if (jobs.some(({ state }) => state === 'running')) process.stderr.write(`${commands.interrupted}\n`)
}

/**
 * Returns the jobs that are waiting for a person now. `alone` means that no scheduler runs. The
 * documents of its workers are then outdated, so no job is waiting.
 */
const callsOf = async ({ paths }: Project, alone: boolean): Promise<Attention> =>
  jobsNeedingAttention(alone ? [] : await liveWorkers(paths))

export async function enqueueJob(
  flags: ProjectFlags,
  workflowName: string,
  job: JobFlags,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { commands, jobState } = wordsOf(project)
  // The workflow is read before the store is opened, because its code may take long and no other
  // process can use the store during that time.
  const workflow = await findWorkflow(project, workflowName)
  const input = jobInput(workflow, job.input, job.inputFile)
  const request = jobRequest(workflow, input, job)
  const unlisted = await unlistedProxy(project, request.proxy)
  const { done, warnIfNotScheduling } = await withQueueWarning(project, async store => {
    const { id, created } = await store.call('jobs.enqueue', request)
    const holder = created ? null : await store.call('jobs.read', { id })
    return { id, created, ...(holder === null ? {} : { state: holder.state }) }
  })
  printResult(done, json, ({ id, state }) =>
    state === undefined ? commands.queued(id) : commands.keyKnown(id, jobState[state]),
  )
  if (unlisted !== null && done.created) {
    process.stderr.write(`${commands.unlistedProxy(done.id, unlisted)}\n`)
  }
  warnIfNotScheduling()
  return EXIT.done
}

export async function cancelJob(flags: ProjectFlags, id: string, json: boolean): Promise<ExitCode> {
  const job = parseJobId(id)
  const project = await openProject(flags)
  const { commands } = wordsOf(project)
  const { state } = await withStore(project, store => store.call('jobs.cancel', { id: job }))
  printResult({ id: job, state }, json, () =>
    state === 'running' ? commands.stopping(job) : commands.cancelled(job),
  )
  return EXIT.done
}

export async function retryJob(flags: ProjectFlags, id: string, json: boolean): Promise<ExitCode> {
  const job = parseJobId(id)
  const project = await openProject(flags)
  const { commands } = wordsOf(project)
  const { done, warnIfNotScheduling } = await withQueueWarning(project, store =>
    store.call('jobs.retry', { id: job }),
  )
  printResult({ id: job, state: done.state }, json, () => commands.queuedAgain(job))
  warnIfNotScheduling()
  return EXIT.done
}

/** Queues all failed and parked jobs again, or those of one workflow. */
export async function retryDead(
  flags: ProjectFlags,
  workflow: string | undefined,
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { commands } = wordsOf(project)
  const { done, warnIfNotScheduling } = await withQueueWarning(project, store =>
    retryDeadJobs(store, workflow),
  )
  const { queued, refused } = done
  printResult(done, json, () =>
    [
      commands.deadQueuedAgain(queued.length),
      ...(refused.length === 0 ? [] : [commands.keyTaken(refused.join(', '))]),
    ].join(' '),
  )
  if (queued.length > 0) warnIfNotScheduling()
  return EXIT.done
}

/** Makes a queued job wait for other jobs. */
export async function waitForJobs(
  flags: ProjectFlags,
  id: string,
  others: readonly string[],
  json: boolean,
): Promise<ExitCode> {
  const project = await openProject(flags)
  const { commands } = wordsOf(project)
  const job = parseJobId(id)
  const { after } = await withStore(project, store =>
    store.call('jobs.wait-for', { id: job, after: others.map(parseJobId) }),
  )
  printResult({ id: job, after }, json, () => commands.waitsFor(job, after.join(', ')))
  return EXIT.done
}
