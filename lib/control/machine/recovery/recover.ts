import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { errorCode, messageOf, errorToRecord } from '../../../core/errors/errors.ts'
import type { Json } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import type { ChannelName } from '../../../model/failure/notified-marker.ts'
import { LaunchDocument, OutcomeDocument } from '../../../model/worker/documents.ts'
import type { Assignment } from '../../../model/worker/documents.ts'
import { readJsonSync } from '../../../files/documents/atomic-json.ts'
import { readAssignments } from '../../../files/documents/read-assignments.ts'
import { quarantineDocument } from '../../../files/documents/quarantine.ts'
import { killOrphans } from '../../../platform/process/kill-orphans.ts'
import type { Store } from '../../../store/store.ts'
import { setForeignAside } from './foreign-documents.ts'
import { removeStaleTempFiles } from '../maintenance/stale-temp-files.ts'
import { redactFiles } from '../../../files/redact-file.ts'
import { printedByEarlier } from '../workers/printed-files.ts'
import { removeFiles } from '../../../files/remove-files.ts'
import { removeProfiles, sweep, workerDocuments } from '../maintenance/cleanup.ts'
import { recoverCrashes } from './recover-crashes.ts'
import type { ArtefactDependencies } from '../results/collect-artefacts.ts'
import { tryOrWarn } from '../../try-or-warn.ts'
import { isCopiedWorker } from '../workers/copied-worker.ts'
import type { JobSummary } from '../../../model/job/job.ts'
import type { EndedAttempt } from '../../decide/attempt-view.ts'
import { settle } from '../../decide/settle.ts'

/**
 * Limit for the list of running jobs. It is larger than the number of jobs that ever run at once.
 */
const ALL = 1_000

/**
 * Recovers from the end of an earlier scheduler. Ends the workers and the Chromes of that scheduler
 * that are still running, and stores their crash reports with traces. Ends the jobs whose work was
 * complete, and returns the other running jobs to the queue. Queues a notice for `channels` that
 * the scheduler ended, and tidies the folders. `ranAt` is the epoch ms at which the scheduler last
 * ran, if known.
 */
export async function recover(
  store: Store,
  evidence: ArtefactDependencies,
  channels: readonly ChannelName[],
  now: number,
  ranAt?: number,
): Promise<void> {
  const { paths, log } = evidence
  const documents = workerDocuments(paths, log)
  const own = documents.filter(({ workerId }) => !isCopiedWorker(paths, workerId))
  const ended = await killOrphans(own.flatMap(({ processes }) => processes))
  if (ended.length > 0)
    log.warn(`${ended.length} process(es) of an earlier run were still running and were ended.`)
  // All writers of temporary files have ended.
  removeStaleTempFiles(paths, Infinity)

  const assignments = assignmentsLeft(paths, log)
  const release = knownSecrets.hold([...assignments.values()].flatMap(({ secrets }) => secrets ?? []))
  let spentResults: string[]
  try {
    await redactFiles(
      documents.flatMap(document =>
        printedByEarlier(paths, document, assignments.get(document.workerId), new Date(now)),
      ),
      log,
    )
    await recoverCrashes(store, evidence, documents, now)
    spentResults = await keepOutcomes(store, paths, log)
    // Must follow the reports of workers, which hold more than the fact that a row is damaged.
    for (const { message } of await store.call('rows.tend', {})) log.error(message)
  } finally {
    release()
  }
  await finishCompleted(store, log)
  const died = { channels: [...channels], ...(ranAt === undefined ? {} : { ranAt }) }
  for (const { id, state } of await store.call('jobs.recover', died)) {
    log.warn(`Job ${id} was running when the last scheduler ended: ${state}.`, { jobId: id })
  }
  // The worker processes have ended, so none of their profiles is in use.
  for (const { browser } of documents) {
    if (browser !== null) await removeProfiles(paths, basename(browser.profile), log)
  }
  for (const profile of launchedProfiles(paths, log)) await removeProfiles(paths, profile, log)
  removeFiles(
    [
      ...documents.map(({ workerId }) => join(paths.workerStates, `${workerId}.json`)),
      ...readdirSync(paths.assignments).map(file => join(paths.assignments, file)),
      ...spentResults,
      ...readdirSync(paths.pictures).map(file => join(paths.pictures, file)),
    ],
    log,
  )
  sweep(paths, now, log)
}

/**
 * Stores the outcomes that the workers of an earlier scheduler wrote. Returns the paths of the
 * files that are no longer needed. Sets aside outcomes of another database and unreadable ones. An
 * outcome that could not be stored remains for the next start.
 */
async function keepOutcomes(store: Store, paths: ProjectPaths, log: Log): Promise<string[]> {
  const obsolete: string[] = []
  for (const file of readdirSync(paths.results)) {
    if (!file.endsWith('.json') || file.startsWith('.')) continue
    const path = join(paths.results, file)
    try {
      const outcome = readJsonSync(path, OutcomeDocument)
      const { status } = await store.call('members.record', outcome)
      if (status === 'job-gone')
        log.info(`Result ${file} belongs to job ${outcome.jobId}, which was removed.`)
      if (status === 'foreign') setForeignAside(paths, path, outcome, log)
      else obsolete.push(path)
    } catch (error) {
      log.warn(`Result ${file} could not be stored: ${messageOf(error)}`)
      if (errorCode(error) === 'document-invalid') tryOrWarn(log, () => quarantineDocument(path))
    }
  }
  return obsolete
}

/**
 * Returns the last assignment of each worker, by worker id. It contains the secrets of all jobs of
 * the worker, which may occur in the worker's files.
 */
function assignmentsLeft(paths: ProjectPaths, log: Log): Map<string, Assignment> {
  const read = readAssignments(paths, error => log.warn(messageOf(error)))
  return new Map(read.map(assignment => [assignment.workerId, assignment]))
}

/**
 * Returns the profile names of the workers of an earlier scheduler. They are read from launch
 * documents, because a worker may have died before its own document named a profile.
 */
function launchedProfiles(paths: ProjectPaths, log: Log): string[] {
  const profiles: string[] = []
  for (const file of readdirSync(paths.assignments)) {
    if (!file.endsWith('.launch.json') || file.startsWith('.')) continue
    try {
      profiles.push(readJsonSync(join(paths.assignments, file), LaunchDocument).profile)
    } catch (error) {
      log.warn(`Launch document ${file} could not be read: ${messageOf(error)}`)
    }
  }
  return profiles
}

/**
 * Marks as succeeded the running jobs whose work was complete when their scheduler ended before it
 * settled them. The work is complete if a result meets the target. It is also complete if all
 * workers have ended and `settle` returns a success, because enough of them succeeded or the
 * deadline had come. To run such a job again would repeat its effects outside the program. The
 * outcomes of the workers must already be in the store.
 */
export async function finishCompleted(store: Store, log: Log): Promise<void> {
  for (const job of await store.call('jobs.list', { states: ['running'], limit: ALL })) {
    const { id, attempt, workflow } = job
    let done: { result: Json } | undefined
    try {
      done = await resultOf(store, job)
    } catch (thrown) {
      if (errorCode(thrown) !== 'document-invalid') throw thrown
      // The work may be done, so the job must not run again.
      const error = errorToRecord(thrown)
      await store.call('jobs.finish', { id, attempt, state: 'failed', error, report: true })
      log.error(`Job ${id} (${workflow}) failed: ${error.message}`, { jobId: id })
    }
    if (done === undefined) continue
    await store.call('jobs.finish', { id, attempt, state: 'succeeded', result: done.result })
    log.info(`Job ${id} (${workflow}) had succeeded when the last scheduler ended.`, { jobId: id })
  }
}

async function resultOf(store: Store, { id, attempt }: JobSummary): Promise<{ result: Json } | undefined> {
  const best = await store.call('offers.best', { jobId: id })
  if (best?.targetMet === true) return best
  const job = await store.call('jobs.read', { id })
  const members = (await store.call('members.list', { jobId: id })).filter(one => one.attempt === attempt)
  const ended = new Set(members.map(({ member }) => member)).size
  if (job === null || ended === 0 || members.some(one => ended < one.members)) return undefined
  const { quorum } = await store.call('jobs.quorum', { id })
  const run: EndedAttempt = {
    ...{ job, members, best, cancelRequested: job.cancelRequestedAt !== null },
    // The quorum is unknown if an older version claimed the attempt.
    quorum: quorum ?? members.length,
    ...{ refusal: null, deadlineMs: null, proxies: null },
  }
  // Jobs that did not succeed return to the queue at once, so the time of a retry does not matter.
  const settlement = settle(run, 0, 0)
  return settlement.state === 'succeeded' ? settlement : undefined
}
