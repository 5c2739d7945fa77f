import type { Control } from '../../lib/control/control.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import { domainInInput } from '../../lib/domain/domains.ts'
import { jobEnded } from '../../lib/domain/job.ts'
import type { Job, JobState } from '../../lib/domain/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Store } from '../../lib/store/store.ts'
import { schedulerPhase } from '../../screens/scheduler-phase.ts'
import { eventsBetween } from '../../screens/plain/events.ts'
import type { PlainEvent } from '../../screens/plain/plain-event.ts'
import { jsonLine, plainLine } from '../../screens/plain/format.ts'
import { jobsWaiting } from '../../screens/snapshot.ts'
import type { Snapshot } from '../../screens/snapshot.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { findWorkflow, jobInput } from '../job-input.ts'
import type { JobFlags } from './jobs.ts'
import { afterPart, keyPart, priorityFlag, proxyPart, workersFlag } from './jobs.ts'
import { printResult } from '../output.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'
import { openSession } from '../session.ts'
import type { Session } from '../session.ts'

/**
 * Queues one job, shows its phases on stderr, waits for its end and prints its result on stdout. With no scheduler running, this process schedules for as
 * long, and for this job alone: what waits already may be there for another configuration, or take hours. Otherwise the running scheduler does the work.
 */
export async function runJob(
  project: Project,
  name: string,
  flags: JobFlags,
  json: boolean,
): Promise<ExitCode> {
  const words = wordsOf(project)
  const workflow = await findWorkflow(project, name)
  const input = jobInput(workflow, flags.input, flags.inputFile)
  const session = await openSession(project)
  const { store, source } = session
  try {
    const { id, created } = await store.call('jobs.enqueue', {
      workflow: workflow.name,
      input,
      domains: domainInInput(workflow.domains, input),
      workers: workersFlag(flags.workersOfJob) ?? workflow.workers,
      priority: priorityFlag(flags.priority) ?? 0,
      retries: workflow.retries,
      origin: 'cli',
      ...keyPart(flags),
      ...proxyPart(flags),
      ...afterPart(flags),
    })
    const givenUp = Promise.withResolvers<never>()
    const cancel = () => void store.call('jobs.cancel', { id }).catch(givenUp.reject)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, cancel)

    const tellPause = untoldPause(words)
    const followed = followJob(source, id, {
      event: event => process.stderr.write(`${json ? jsonLine(event) : plainLine(event, words)}\n`),
      snapshot: tellPause,
    })
    followed.catch(() => undefined)
    const control = await scheduleFor(session, id, created).catch(async (error: unknown) => {
      // Nothing runs it: what was queued for nothing is taken back.
      if (created) await store.call('jobs.cancel', { id })
      throw error
    })
    await Promise.race([
      followed,
      givenUp.promise,
      ...(control === null ? [] : [control.replaced(), control.removed()]),
    ])
    const job = await store.call('jobs.read', { id })
    if (job === null) throw new AutomateError('bug', `Job ${id} has vanished from the store.`)
    if (job.state === 'parked') throw parkedError(id, id)
    if (!jobEnded(job.state)) throw replacedMeanwhile(id)
    if (control !== null) {
      await control.drain()
      tellOthers(source.current, words)
    }
    printResult({ id, state: job.state, result: job.result, error: job.error }, json, () =>
      jobText(job, words),
    )
    return exitCodeOf(job)
  } finally {
    await session.close()
  }
}

function replacedMeanwhile(id: number): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `Another version of automate-tui was installed, or the package was removed, before job ${id} had ended. The job stays in the queue: start a scheduler with "automate-tui", which runs it.`,
  )
}

function parkedError(parked: number, id: number): AutomateError {
  const waits = parked === id ? '' : `Job ${id} waits for job ${parked}. `
  return new AutomateError(
    'job-state',
    `${waits}Job ${parked} is parked, because the scheduler died again and again while it ran. Read how the logs of its attempts end (logs/<day>/workers/job_${parked}_…), then queue it again with "automate-tui retry ${parked}".`,
  )
}

/**
 * Schedules the job if no other process does.
 * @throws `job-state` if the job, or one that it waits for, is parked.
 */
async function scheduleFor(session: Session, id: number, created: boolean): Promise<Control | null> {
  const { store } = session
  const needed = new Map<number, JobState>()
  await addNeeded(store, id, needed)
  for (const [job, state] of needed) if (state === 'parked') throw parkedError(job, id)
  // A job that had the key already may be older than others that wait.
  const [newest] = created ? [] : await store.call('jobs.list', { limit: 1 })
  return session.schedule({ from: newest === undefined ? id : newest.id + 1, also: [...needed.keys()] })
}

/** Adds a job, and the jobs that must have ended before it begins. */
async function addNeeded(store: Store, id: number, needed: Map<number, JobState>): Promise<void> {
  const job = await store.call('jobs.read', { id })
  if (job === null || needed.has(id)) return
  needed.set(id, job.state)
  for (const before of job.after) await addNeeded(store, before, needed)
}

/** Says on stderr that what else is queued still waits. */
function tellOthers({ counts }: Snapshot, { commands }: Catalogue): void {
  const others = jobsWaiting(counts)
  if (others > 0) process.stderr.write(`${commands.othersWait(others)} ${commands.startScheduler}\n`)
}

function jobText(job: Job, { commands, jobState }: Catalogue): string {
  return job.state === 'succeeded'
    ? terminalJson(job.result, 2)
    : commands.ended(job.id, jobState[job.state], job.error?.message ?? '')
}

function exitCodeOf(job: Job): ExitCode {
  if (job.state === 'succeeded') return EXIT.done
  return job.state === 'cancelled' ? EXIT.cancelled : EXIT.jobFailed
}

/** Says once, on stderr, that the job waits because the operator has paused the scheduler. */
function untoldPause({ commands }: Catalogue): (snapshot: Snapshot) => void {
  let told = false
  return snapshot => {
    const { jobs } = snapshot
    const waits = schedulerPhase(snapshot) === 'paused' && jobs.some(({ state }) => state === 'queued')
    if (waits && !told) process.stderr.write(`${commands.schedulerPaused}\n`)
    told ||= waits
  }
}

interface Hearers {
  /** Gets what concerns the job. */
  readonly event: (event: PlainEvent) => void
  readonly snapshot: (snapshot: Snapshot) => void
}

/** Resolves when the job has ended. */
function followJob(
  source: { current: Snapshot; subscribe(listener: (snapshot: Snapshot) => void): () => void },
  id: number,
  hear: Hearers,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = source.current
    const unsubscribe = source.subscribe(snapshot => {
      for (const event of eventsBetween(last, snapshot))
        if ('job' in event && event.job === id) hear.event(event)
      hear.snapshot(snapshot)
      last = snapshot
      const job = snapshot.jobs.find(one => one.id === id)
      if (snapshot.connection === 'lost') {
        unsubscribe()
        reject(
          new AutomateError(
            'store-closed',
            `The scheduler ended before job ${id} did. The next one goes on with it.`,
          ),
        )
      } else if (job !== undefined && (jobEnded(job.state) || job.state === 'parked')) {
        unsubscribe()
        resolve()
      }
    })
  })
}
