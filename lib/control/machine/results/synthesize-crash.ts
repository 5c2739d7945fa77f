import { existsSync, closeSync, fstatSync, openSync, readSync } from 'node:fs'
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
import { tryOrWarn } from '../../try-or-warn.ts'
import { sanitiseBlock } from '../../../core/text/sanitise.ts'
import { READ_BEYOND_CUT, knownSecrets } from '../../../core/secrets/known-secrets.ts'
import { LogLine } from '../../../model/log-line.ts'

/**
 * Number of log lines in the report of a dead worker. `OUTPUT_LINES` is the number of other printed
 * lines.
 */
const LOG_LINES = 40
const OUTPUT_LINES = 20
/**
 * Number of bytes that are read from the end of a log, because a log can have any length. A line
 * has some hundred bytes.
 */
const TAIL_BYTES = 64_000
const READ_BYTES = TAIL_BYTES + READ_BEYOND_CUT

/** Outcome of a worker that failed, timed out or crashed. */
export type FailedOutcome = Extract<Outcome, { error: unknown }>

/**
 * Makes the crash report of a worker that could not write one, from the exit code, the last state
 * and the last lines. Writes it to disk before it returns. If the write fails, the report only
 * exists in the return value.
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
  // Used if the report is not on disk. No report on disk has a name of this form.
  return { file: path === undefined ? `job_${jobId}_${now}_${workerId}.json` : basename(path), document }
}

/**
 * Returns a crash report made from a worker's last document and from the files that the document
 * names.
 */
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
 * Returns the worker's log, its Chrome's output and Node's report of exhausted memory, each if it
 * exists. All of them are in the folder of one day. A worker that was killed at its start has no
 * log yet.
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

/**
 * Returns the last lines of a worker's log, oldest first, in the format of a worker's own report.
 * Returns none if the log cannot be read. Lines of other workers are omitted, because a job with
 * the same number in a replaced database wrote into the same file if it ran on the same day.
 */
function lastLogLines(file: string, workerId: string): string[] {
  return tailOf(file)
    .flatMap(text => logLine(text) ?? [])
    .filter(line => (line.workerId ?? workerId) === workerId)
    .slice(-LOG_LINES)
    .map(({ at, level, message }) => `${new Date(at).toISOString()} ${level} ${message}`)
}

/**
 * Returns the last lines that a process printed, such as those of a native crash. Returns none if
 * the file cannot be read.
 */
export function lastOutputLines(file: string): string[] {
  // The lines are joined before they are redacted, because a secret can have several lines.
  return sanitiseBlock(
    knownSecrets.redact(knownSecrets.tail(tailOf(file).join('\n'), TAIL_BYTES)),
    TAIL_BYTES,
  )
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-OUTPUT_LINES)
}

/**
 * Parses a line of a log. Returns undefined if the line is incomplete, as the last one may be if
 * its writer was killed.
 */
function logLine(text: string): LogLine | undefined {
  try {
    return LogLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function tailOf(file: string): string[] {
  try {
    const handle = openSync(file, 'r')
    try {
      const start = Math.max(0, fstatSync(handle).size - READ_BYTES)
      const bytes = Buffer.alloc(READ_BYTES)
      return bytes.toString('utf8', 0, readSync(handle, bytes, 0, READ_BYTES, start)).split('\n')
    } finally {
      closeSync(handle)
    }
  } catch {
    return []
  }
}
