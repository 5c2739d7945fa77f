import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import { sanitiseBlock } from '../core/sanitise.ts'
import type { CrashDocument, WorkerDocument } from '../domain/documents.ts'
import type { Outcome } from '../domain/outcome.ts'
import { writeCrashFile } from '../files/crash-file.ts'
import type { Ending } from './ending.ts'
import { tolerate } from './tolerate.ts'

/** How many of the worker's last lines of output go into the report. */
const LAST_LINES = 20

/**
 * The report of a worker that could not write it: from its exit code, its last state and its last lines. On disk before this returns; where it cannot be written it
 * lives in the answer alone.
 */
export function reportForDead(
  paths: ProjectPaths,
  { assignment, exit, outputFile }: Ending,
  outcome: Extract<Outcome, { error: unknown }>,
  lastState: WorkerDocument | undefined,
  now: number,
  log: Log,
): { file: string; document: CrashDocument } {
  const { workerId, jobId, attempt, member, members, workflow } = assignment
  const document: CrashDocument = {
    kind: 'crash',
    version: 1,
    workerId,
    jobId,
    attempt,
    member,
    members,
    workflow,
    at: now,
    writtenBy: 'control',
    error: outcome.error,
    phase: outcome.phase,
    url: lastState?.url ?? null,
    browserVersion: lastState?.browser?.version ?? null,
    exitCode: exit.code,
    signal: exit.signal,
    lastLines: lastLinesOf(outputFile),
    artefacts: lastState === undefined ? [] : [{ kind: 'log', path: lastState.log }],
  }
  const path = tolerate(log, () => writeCrashFile(paths.crashes, document))
  // A name that no report on disk can have.
  return { file: path === undefined ? `job_${jobId}_${now}_${workerId}.json` : basename(path), document }
}

function lastLinesOf(file: string): string[] {
  try {
    return sanitiseBlock(readFileSync(file, 'utf8').slice(-16_000), 16_000)
      .split('\n')
      .filter(line => line.trim() !== '')
      .slice(-LAST_LINES)
  } catch {
    return []
  }
}
