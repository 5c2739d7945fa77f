import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { removeOwnFile } from '../../../core/disk/remove-own.ts'
import { errorCode, messageOf } from '../../../core/errors/errors.ts'
import { redactKnown } from '../../../core/text/redact.ts'
import { CrashDocument, OutcomeDocument } from '../../../model/worker/documents.ts'
import type { WorkerDocument } from '../../../model/worker/documents.ts'
import { redactCrash } from '../../../model/failure/redact-crash.ts'
import { readJsonSync } from '../../../files/documents/atomic-json.ts'
import { markBeside, markedBy, readMark } from '../../../files/notified-marker.ts'
import { readDocumentsSync } from '../../../files/documents/read-documents.ts'
import { FOREIGN, quarantineDocument } from '../../../files/documents/quarantine.ts'
import { jobOfCrashFile, reportForCorrupt } from '../../../files/documents/corrupt-crash-report.ts'
import type { KnownOfJob } from '../../../files/documents/corrupt-crash-report.ts'
import type { Store } from '../../../store/store.ts'
import { setForeignAside } from './foreign-documents.ts'
import { removeFiles } from '../../../files/remove-files.ts'
import { reportFromState } from '../results/synthesize-crash.ts'
import { collectArtefacts } from '../results/collect-artefacts.ts'
import type { ArtefactDependencies } from '../results/collect-artefacts.ts'

/**
 * Stores the crash reports that the workers of an earlier scheduler wrote, with their traces. Also
 * stores damaged reports, and failures that are only known from an outcome. `documents` are the
 * last documents of the workers. Reports of another database are set aside, and count for no job.
 */
export async function recoverCrashes(
  store: Store,
  evidence: ArtefactDependencies,
  documents: readonly WorkerDocument[],
  now: number,
): Promise<void> {
  const { paths, log } = evidence
  for (const file of readdirSync(paths.crashes)) {
    const path = join(paths.crashes, file)
    // Such a file means that a worker of an earlier scheduler notified people of the cause itself.
    if (file.endsWith('.telling')) removeOwnFile(path)
    const marked = markedBy(file)
    if (marked !== undefined && !existsSync(join(paths.crashes, marked))) removeOwnFile(path)
    if (!file.endsWith('.json') || file.startsWith('.')) continue
    try {
      await takeOver(store, evidence, path, now)
      removeFiles([path, markBeside(path)], log)
    } catch (error) {
      log.error(`Crash report ${file} could not be stored and stays in its folder: ${messageOf(error)}`)
    }
  }
  const onBroken = (error: unknown) => log.warn(messageOf(error))
  for (const ended of readDocumentsSync(paths.results, OutcomeDocument, onBroken)) {
    const { outcome, workerId } = ended
    if (outcome.status === 'succeeded' || outcome.status === 'cancelled') continue
    const state = documents.find(one => one.workerId === workerId && one.job?.jobId === ended.jobId)
    const document = redactCrash(reportFromState(paths, ended, outcome, state, ended.endedAt), redactKnown)
    // The store prefers a report by the worker itself. It refuses an outcome of another database,
    // which is set aside later.
    await store.call('crashes.record', {
      file: `job_${ended.jobId}_${ended.endedAt}_${workerId}.json`,
      document,
    })
  }
}

async function takeOver(
  store: Store,
  evidence: ArtefactDependencies,
  path: string,
  now: number,
): Promise<void> {
  let crash: CrashDocument
  try {
    crash = readJsonSync(path, CrashDocument)
  } catch (error) {
    if (errorCode(error) !== 'document-invalid' || jobOfCrashFile(path) === undefined) throw error
    evidence.log.error(messageOf(error))
    crash = reportForCorrupt(path, messageOf(error), await knownOf(store, path))
    const report = { file: basename(path), document: crash, notifiedBy: readMark(path) }
    const { status } = await store.call('crashes.record', report)
    if (status === 'foreign') setForeignCrashAside(evidence, path, crash)
    else quarantineDocument(path)
    return
  }
  // Must precede the access to the recording, because a job of this database can have a recording
  // of the same name.
  if ((await store.call('attempts.standing', crash)).standing === 'foreign') {
    setForeignCrashAside(evidence, path, crash)
    return
  }
  const kept = collectArtefacts(evidence, crash, 'on-failure', crash, now)
  const { status } = await store.call('crashes.record', {
    file: basename(path),
    document: { ...crash, artefacts: [...crash.artefacts, ...kept] },
    notifiedBy: readMark(path),
  })
  if (status === 'late') {
    evidence.log.info(`Late report, which is counted but not applied: ${crash.error.message}`, {
      jobId: crash.jobId,
    })
  }
}

function setForeignCrashAside(
  { paths, log }: ArtefactDependencies,
  path: string,
  crash: CrashDocument,
): void {
  const mark = markBeside(path)
  if (existsSync(mark)) quarantineDocument(mark, FOREIGN)
  setForeignAside(paths, path, crash, log)
}

/**
 * Returns the likely origin of a report that cannot be read. This is the last attempt of the job,
 * and the first member without a report.
 */
async function knownOf(store: Store, path: string): Promise<KnownOfJob> {
  const jobId = jobOfCrashFile(path)?.jobId ?? 0
  const job = await store.call('jobs.read', { id: jobId })
  const attempt = Math.max(1, job?.attempt ?? 1)
  const reports = await store.call('crashes.list', { jobId })
  const reported = new Set(reports.filter(one => one.attempt === attempt).map(({ member }) => member))
  let member = 1
  while (reported.has(member)) member += 1
  return {
    attempt,
    member,
    members: Math.max(member, job?.workers ?? 1),
    workflow: job?.workflow ?? 'unknown',
  }
}
