import { join } from 'node:path'
import type { Clock } from '../../../core/time/clock.ts'
import { delay } from '../../../core/time/timeout.ts'
import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { isWriteRefused } from '../../../store/write-refused.ts'
import { writeJsonSync } from '../../../files/documents/atomic-json.ts'
import type { Store } from '../../../store/store.ts'
import type { WorkerResult } from './collect-result.ts'
import type { AttemptMember } from '../workers/attempt.ts'
import { removeFiles } from '../../../files/remove-files.ts'
import { collectArtefacts } from './collect-artefacts.ts'
import type { ArtefactDependencies } from './collect-artefacts.ts'

export interface StoreResultDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly packer: ArtefactDependencies['packer']
  readonly log: Log
}

/** Pause after a refused write. A person must first make room or repair the disk. */
const REFUSED_PAUSE_MS = 1_000

/**
 * Stores a finished worker's result. The calls to the store are made synchronously, so that they
 * are committed together with the job's own update. Never rejects. While the disk refuses writes,
 * retries as long as `mayWait` returns true. Then leaves the files in place.
 */
export async function storeResult(
  deps: StoreResultDependencies,
  { workerId, context, assignment, keptOpen, sent }: AttemptMember,
  { member, crash, obsolete, lateReport }: WorkerResult,
  mayWait: () => boolean,
): Promise<void> {
  const { store, paths, clock, log, packer } = deps
  const evidence = collectArtefacts(
    { paths, log, packer },
    assignment,
    assignment.trace.keep,
    crash?.document ?? null,
    clock.now(),
  )
  const artefacts = [...(crash?.document.artefacts ?? []), ...evidence]
  const late = (message: string) =>
    log.info(`Late report, which is counted but not applied: ${message}`, context)
  if (lateReport !== null) late(lateReport)
  const keep = () =>
    Promise.all([
      crash === null
        ? undefined
        : store.call('crashes.record', { ...crash, document: { ...crash.document, artefacts } }),
      ...(lateReport === null ? [] : [store.call('late-reports.note', { jobId: member.jobId })]),
      recordMember(store, member),
      store.call('discoveries.release', { workerId }),
      store.call('sessions.release', { workerId }),
      // For a held browser, the commands remain, because a person who views it may already have
      // queued some.
      ...(keptOpen ? [] : [store.call('worker-commands.drop', { workerId })]),
    ])
  let isOnDisk = sent === undefined
  /**
   * Writes an outcome to disk that the worker could only send, so that it survives the death of
   * this process.
   */
  const keepSent = () => {
    if (isOnDisk) return
    try {
      writeJsonSync(join(paths.results, `${workerId}.json`), sent)
      isOnDisk = true
    } catch {
      // A disk that refuses writes to the database also refuses this file. The next refusal of the
      // store tries again.
    }
  }
  try {
    const [recorded] = await untilTaken(keep, deps, mayWait, keepSent)
    if (crash !== null) {
      const { message } = crash.document.error
      if (recorded?.status === 'late') late(message)
      else log.error(message, context)
    }
    removeFiles([...obsolete, join(paths.pictures, `${workerId}.json`)], log)
  } catch (error) {
    // The documents remain on disk, and the next scheduler reads them when it starts.
    log.error(`The result of worker ${workerId} could not be stored: ${messageOf(error)}`, context)
  }
}

/**
 * Stores the outcome of a member.
 * @throws `job-missing` if the row of the job was removed, or if its attempt was changed. The
 * worker's files then remain.
 */
async function recordMember(store: Store, member: WorkerResult['member']): Promise<void> {
  const { status } = await store.call('members.record', member)
  if (status === 'recorded') return
  const { jobId, attempt } = member
  throw new AutomateError('job-missing', `the database has no attempt ${attempt} of job ${jobId}`, {
    facts: { jobId, attempt },
  })
}

/**
 * Calls `keep` until the store accepts its writes. Retries only if a write was refused, because a
 * full disk may have room again later.
 */
async function untilTaken<T>(
  keep: () => Promise<T>,
  { clock, log }: StoreResultDependencies,
  mayWait: () => boolean,
  onRefused: () => void,
): Promise<T> {
  for (let warned = false; ; warned = true) {
    try {
      return await keep()
    } catch (error) {
      onRefused()
      if (!isWriteRefused(error) || !mayWait()) throw error
      if (!warned)
        log.error(`The result of a worker will be stored when the disk accepts it: ${messageOf(error)}`)
    }
    await delay(REFUSED_PAUSE_MS, clock)
  }
}
