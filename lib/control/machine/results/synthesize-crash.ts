import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { redactKnown } from '../../../core/text/redact.ts'
import { MemberRef } from '../../../model/worker/documents.ts'
import type { Artefact, CrashDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import type { Outcome } from '../../../model/job/outcome.ts'
import { redactCrash } from '../../../model/failure/redact-crash.ts'
import { writeCrashFile } from '../../../files/documents/crash-file.ts'
import { memberStem } from '../../../files/artefact-stem.ts'
import type { Ending } from './ending.ts'
import { lastLogLines, lastOutputLines } from './output-tail.ts'
import { tryOrWarn } from '../../try-or-warn.ts'

/** How a failure ended that is to be reported for a worker. */
export type FailedOutcome = Extract<Outcome, { error: unknown }>

/**
 * The report of a worker that could not write it: from its exit code, its last state and its last lines. On disk before this returns; where it cannot be written it
 * lives in the answer alone.
 */
export function synthesizeCrash(
  paths: ProjectPaths,
  { assignment, exit, outputFile }: Ending,
  outcome: FailedOutcome,
  lastState: WorkerDocument | undefined,
  now: number,
  log: Log,
): { file: string; document: CrashDocument } {
  const report = reportFromState(paths, assignment, outcome, lastState, now)
  const lastLines = [...report.lastLines, ...lastOutputLines(outputFile)]
  const document = redactCrash(
    { ...report, exitCode: exit.code, signal: exit.signal, lastLines },
    redactKnown,
  )
  const path = tryOrWarn(log, () => writeCrashFile(paths.crashes, document))
  const { jobId, workerId } = assignment
  // A name that no report on disk can have.
  return { file: path === undefined ? `job_${jobId}_${now}_${workerId}.json` : basename(path), document }
}

/** What the last document of a worker, and the files that it names, say of its failure. */
export function reportFromState(
  paths: ProjectPaths,
  reported: MemberRef,
  outcome: FailedOutcome,
  lastState: WorkerDocument | undefined,
  at: number,
): CrashDocument {
  return {
    kind: 'crash',
    version: 1,
    ...MemberRef.parse(reported),
    at,
    writtenBy: 'control',
    error: outcome.error,
    phase: outcome.phase,
    url: lastState?.url ?? null,
    browserVersion: lastState?.browser?.version ?? null,
    exitCode: outcome.status === 'crashed' ? outcome.exitCode : null,
    signal: outcome.status === 'crashed' ? outcome.signal : null,
    lastLines:
      lastState === undefined ? [] : lastLogLines(join(paths.root, lastState.log), reported.workerId),
    artefacts: lastState === undefined ? [] : artefactsLeft(paths, reported, lastState),
  }
}

/**
 * Lists the worker's log, its Chrome's output and Node's report of exhausted memory: all in one day's folder, under one stem. A worker that is killed at its start has
 * written no log yet.
 */
function artefactsLeft(
  paths: ProjectPaths,
  part: Pick<MemberRef, 'jobId' | 'attempt' | 'member'>,
  { log }: WorkerDocument,
): Artefact[] {
  const day = dirname(dirname(log))
  const stem = memberStem(part)
  const possible = [
    { kind: 'workers', path: log },
    { kind: 'chrome', path: `${day}/chrome/${stem}.log` },
    { kind: 'crashdumps', path: `${day}/crashdumps/${stem}.report.json` },
  ]
  return possible.filter(({ path }) => existsSync(join(paths.root, path)))
}
