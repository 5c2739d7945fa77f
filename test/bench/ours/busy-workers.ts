import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { delay } from '../../../lib/core/time/timeout.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { identifyProcess } from '../../../lib/platform/process/process-identity.ts'

/** Time limit for a machine that does much else. Ten browsers start in ten seconds on two cores. */
const LIMIT_MS = 120_000

/** Poll interval, shorter than any measured time. A poll costs a tenth of a millisecond. */
const LOOK_EVERY_MS = 3

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const giveUpAt = systemClock.monotonic() + LIMIT_MS
  for (;;) {
    const seen = look()
    if (seen !== undefined) return seen
    if (systemClock.monotonic() > giveUpAt)
      throw new AutomateError('deadline', `${what} did not come within ${LIMIT_MS} ms.`)
    await delay(LOOK_EVERY_MS, systemClock)
  }
}

/**
 * Waits until `count` workers of a job are in their phase with a browser. Returns the pids of all
 * these processes.
 */
export function untilBusy(root: string, jobId: number, count: number): Promise<number[]> {
  const folder = new ProjectPaths(root).workerStates
  return until(`${count} busy workers`, () => {
    const busy = readdirSync(folder)
      .filter(name => name.endsWith('.json') && !name.startsWith('.'))
      .flatMap(name => readJsonIfExistsSync(join(folder, name), WorkerDocument) ?? [])
      .filter(worker => worker.job?.jobId === jobId && worker.phase?.step === 'waiting')
    return busy.length < count ? undefined : busy.flatMap(({ processes }) => processes.map(({ pid }) => pid))
  })
}

/** Waits until all processes have ended. A zombie counts as ended. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until('the end of the workers', () =>
    pids.every(pid => identifyProcess(pid) === undefined) ? true : undefined,
  )
}
