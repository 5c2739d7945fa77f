import type { Control } from '../../lib/control/control.ts'
import { AutomateError, errorCode } from '../../lib/core/errors.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import { jobEnded } from '../../lib/domain/job.ts'
import type { ClaimScope, Job, JobState } from '../../lib/domain/job.ts'
import type { Catalogue } from '../../lib/locales/en.ts'
import type { Store } from '../../lib/store/store.ts'
import { schedulerPhase } from '../../screens/scheduler-phase.ts'
import type { PlainEvent } from '../../screens/plain/plain-event.ts'
import { jsonLine, plainLine } from '../../screens/plain/format.ts'
import { jobsWaiting } from '../../screens/snapshot.ts'
import type { Snapshot } from '../../screens/snapshot.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { followJob } from '../follow-job.ts'
import { findWorkflow, jobInput } from '../job-input.ts'
import { jobRequest } from '../job-flags.ts'
import type { JobFlags } from '../job-flags.ts'
import { printResult } from '../output.ts'
import { wordsOf } from '../project.ts'
import type { Project } from '../project.ts'
import { openSession } from '../session.ts'
import type { Session } from '../session.ts'
import { readStore } from '../with-store.ts'
import type { StoreCalls } from '../with-store.ts'

/** A scheduler that is restarted, as by systemd or for a new version, is back by then. */
const RESTART_MS = 30_000

/**
 * Queues one job, shows its phases on stderr, waits for its end and prints its result on stdout. With no scheduler running, this process schedules for as
 * long, and for this job alone: what waits already may be there for another configuration, or take hours. Otherwise the running scheduler does the work. When
 * that ends before the job does, this process goes on with the next one, or schedules.
 */
export async function runJob(
  project: Project,
  name: string,
  flags: JobFlags,
  json: boolean,
): Promise<ExitCode> {
  const words = wordsOf(project)
  const workflow = await findWorkflow(project, name)
  const request = jobRequest(workflow, jobInput(workflow, flags.input, flags.inputFile), flags)
  let session = await openSession(project)
  try {
    const { id, created } = await session.store.call('jobs.enqueue', request)
    const givenUp = Promise.withResolvers<never>()
    const cancel = () => void session.store.call('jobs.cancel', { id }).catch(givenUp.reject)
    for (const signal of STOP_SIGNALS) process.once(signal, cancel)

    const listeners = {
      event: (event: PlainEvent) =>
        process.stderr.write(`${json ? jsonLine(event) : plainLine(event, words)}\n`),
      snapshot: untoldPause(words),
    }
    for (let isNew = created; ; isNew = false) {
      const followed = followJob(session.source, id, listeners)
      const control = await scheduleFor(session, id, isNew)
      const end = await Promise.race([
        followed,
        givenUp.promise,
        ...(control === null ? [] : [control.replaced(), control.removed()]),
      ])
      if (end?.end === 'lost' && control !== null) throw schedulerEnded(id)
      const read = (store: StoreCalls) => store.call('jobs.read', { id })
      const job = await (end?.end === 'lost' ? readStore(project, read) : read(session.store))
      if (job === null) throw new AutomateError('bug', `Job ${id} has vanished from the store.`)
      if (job.state === 'parked') throw parkedError(id, id)
      if (jobEnded(job.state)) {
        printResult({ id, state: job.state, result: job.result, error: job.error }, json, () =>
          jobText(job, words),
        )
        for (const signal of STOP_SIGNALS) process.removeListener(signal, cancel)
        if (control !== null) await finishOthers(session, control, words)
        return exitCodeOf(job)
      }
      if (end?.end !== 'lost') throw replacedMeanwhile(id)
      await session.close()
      session = await nextSession(project, end.scoped)
    }
  } finally {
    await session.close()
  }
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Opens a session after the scheduler of the last one has ended. `scoped`: that was the process of another "run", which no supervisor starts again. */
async function nextSession(project: Project, scoped: boolean): Promise<Session> {
  if (!scoped)
    try {
      return await openSession(project, { watchOnly: true, waitMs: RESTART_MS })
    } catch (error) {
      if (errorCode(error) !== 'store-closed') throw error
    }
  return openSession(project)
}

/** Waits for the jobs of other commands that this process runs, however long they take: an interrupted job would be done twice. A signal interrupts them. */
async function finishOthers({ source }: Session, control: Control, words: Catalogue): Promise<void> {
  const { commands } = words
  const { running } = source.current.counts
  if (running > 0) process.stderr.write(`${commands.othersRun(running)}\n`)
  const interrupted = Promise.withResolvers<undefined>()
  for (const signal of STOP_SIGNALS) process.once(signal, () => interrupted.resolve(undefined))
  await Promise.race([control.drain({ unlimited: true }), interrupted.promise])
  tellOthers(source.current, words)
}

function schedulerEnded(id: number): AutomateError {
  return new AutomateError(
    'store-closed',
    `The scheduler ended before job ${id} did. The next one goes on with it.`,
  )
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
 * Schedules the job if no other process does. A new one that cannot be run is cancelled.
 * @throws `job-state` if the job, or one that it waits for, is parked.
 */
async function scheduleFor(session: Session, id: number, isNew: boolean): Promise<Control | null> {
  try {
    return await session.schedule(await scopeOf(session.store, id, isNew))
  } catch (error) {
    if (isNew) await session.store.call('jobs.cancel', { id })
    throw error
  }
}

async function scopeOf(store: Store, id: number, isNew: boolean): Promise<ClaimScope> {
  const needed = new Map<number, JobState>()
  await addNeeded(store, id, needed)
  for (const [job, state] of needed) if (state === 'parked') throw parkedError(job, id)
  // A job that had the key already may be older than others that wait.
  const [newest] = isNew ? [] : await store.call('jobs.list', { limit: 1 })
  return { from: newest === undefined ? id : newest.id + 1, also: [...needed.keys()] }
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
