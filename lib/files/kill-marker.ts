import { join } from 'node:path'
import { z } from 'zod'
import { removeOwnFile } from '../core/disk/remove-own.ts'
import type { ProjectPaths } from '../core/process/paths.ts'
import type { MemberRef } from '../model/worker/documents.ts'
import { Instant } from '../model/json.ts'
import { readJsonIfExistsSync, writeJsonSync } from './documents/atomic-json.ts'

/**
 * Contents of `data/state/workers/<worker>.killed`, the marker next to a worker's document. It
 * records that a person killed the worker, in which job and attempt. It is written before the kill.
 */
const KillMark = z.object({
  kind: z.literal('kill-mark'),
  version: z.literal(1),
  jobId: z.int(),
  attempt: z.int(),
  at: Instant,
})

type Killed = Pick<MemberRef, 'workerId' | 'jobId' | 'attempt'>

/** Returns the path of a worker's kill marker. */
export function killMarkOf(paths: ProjectPaths, workerId: string): string {
  return join(paths.workerStates, `${workerId}.killed`)
}

/**
 * Records that a person is about to kill a worker. Returns false if this was recorded already or
 * cannot be written. The worker is killed in any case.
 */
export function markKilled(paths: ProjectPaths, killed: Killed, now: number): boolean {
  const { workerId, jobId, attempt } = killed
  const mark = { kind: 'kill-mark', version: 1, jobId, attempt, at: Math.round(now) }
  try {
    if (isMarkedKilled(paths, killed)) return false
    writeJsonSync(killMarkOf(paths, workerId), mark)
    return true
  } catch {
    return false
  }
}

/** Removes the kill marker of a worker that was not killed after all. */
export function unmarkKilled(paths: ProjectPaths, { workerId }: Pick<Killed, 'workerId'>): void {
  removeOwnFile(killMarkOf(paths, workerId))
}

/**
 * True if a person has killed the worker in this attempt of its job.
 * @throws the errors of `readJsonSync`.
 */
export function isMarkedKilled(paths: ProjectPaths, { workerId, jobId, attempt }: Killed): boolean {
  const mark = readJsonIfExistsSync(killMarkOf(paths, workerId), KillMark)
  return mark?.jobId === jobId && mark.attempt === attempt
}
