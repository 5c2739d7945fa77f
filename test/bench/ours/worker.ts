import { newProfileName } from '../../../lib/core/ids.ts'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { newId } from '../../../lib/core/ids.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { PROGRAM } from '../../../lib/core/process/program.ts'
import type { Assignment, LaunchDocument } from '../../../lib/model/worker/documents.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { childExit, nextMessage } from '../harness/child-message.ts'
import { launchProfile } from './launch-profile.ts'

/** Time limit for a machine that does much else. A worker starts in half a second. */
const ANSWER_LIMIT_MS = 60_000

/**
 * Forks a worker as the scheduler does, waits until its page is ready, and stops it. Returns the ms
 * until it was ready.
 */
export async function timeWorkerStart(
  entry: string,
  options: { root: string; browserPath: string; file: string; url: string },
): Promise<number> {
  const paths = new ProjectPaths(options.root)
  const workerId = `w${newId(systemClock.now())}`
  const assignment: Assignment = {
    kind: 'assignment',
    version: 2,
    workerId,
    jobId: 1,
    attempt: 1,
    member: 1,
    members: 1,
    workflow: 'bench',
    file: options.file,
    input: { url: options.url },
    isolation: 'process',
    start: 'cold',
    proxy: null,
    abortGraceMs: 0,
    trace: { keep: 'on-failure', limitBytes: 50_000_000 },
  }
  const launch: LaunchDocument = {
    kind: 'launch',
    program: PROGRAM,
    version: 1,
    workerId,
    root: options.root,
    launch: launchProfile(options.browserPath),
    profile: newProfileName(),
  }
  const file = join(paths.assignments, `${workerId}.launch.json`)
  writeJsonSync(join(paths.assignments, `${workerId}.json`), assignment)
  writeJsonSync(file, launch)
  const startedAt = systemClock.monotonic()
  const child = fork(entry, ['--launch', file, '--supervised'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  })
  await nextMessage(child, z.object({ type: z.literal('ready') }), ANSWER_LIMIT_MS, 'the worker')
  const readyAt = systemClock.monotonic()
  const exit = childExit(child, ANSWER_LIMIT_MS, 'the worker')
  child.send({ type: 'stop', reason: 'cancelled' })
  await exit
  return readyAt - startedAt
}
