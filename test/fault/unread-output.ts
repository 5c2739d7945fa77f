import { spawn as spawnProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { jobEnded } from '../../lib/model/job/job.ts'
import type { Job } from '../../lib/model/job/job.ts'
import { livingScheduler } from '../../lib/store/ownership/living-owner.ts'
import type { Store } from '../../lib/store/store.ts'
import { PROGRAM } from '../helpers/program/built-program.ts'
import { processTreeOf, untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { fillOutput } from '../helpers/program/fill-output.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { spawn as spawnTerminal } from '../helpers/terminal/terminal.ts'
import { until } from '../helpers/until.ts'
import { withStore } from './fault-project.ts'

/** Kinds of unread output. */
export const OUTPUTS = ['console', 'lines on a terminal', 'lines in a pipe'] as const
export type UnreadOutput = (typeof OUTPUTS)[number]

/**
 * Time limit: a blocked worker is killed at its limit of four seconds plus the watchdog's grace.
 * The remaining time is for its start on a machine under load.
 */
const MAX_BLOCKED_MS = 60_000

/** Number of workers. One of them is blocked for some seconds. */
const WORKERS = 4

const MS_A_SECOND = 1_000

export interface UnreadOptions {
  readonly output: UnreadOutput
  readonly seconds: number
  readonly jobs: number
  /** Delay allowed for the start of a job and for the record of its end. */
  readonly maxLateMs: number
  /** Path of an empty folder. */
  readonly root: string
}

export interface UnreadReport {
  readonly problems: readonly string[]
  readonly latestStartMs: number
  readonly latestEndMs: number
}

/**
 * Runs a scheduler with a full and unread output, and queues jobs at even intervals. The last job
 * blocks its worker. Each job must start and end on time, and the scheduler must end on request.
 */
export async function runUnread(t: Pick<Test, 'teardown'>, options: UnreadOptions): Promise<UnreadReport> {
  const { seconds, jobs, maxLateMs, root } = options
  const project = new JourneyProject(t, root, { workflows: ['hangs', 'succeeds-late'], workers: WORKERS })
  const scheduler = await startUnread(t, project, options.output)
  const ids: number[] = []
  for (let n = 1; n <= jobs; n += 1) {
    ids.push(await withStore(project, 'client', store => enqueue(store, n === jobs ? 'blocked' : 'quick')))
    await delay((seconds * MS_A_SECOND) / jobs, systemClock)
  }
  const ended = await Promise.all(ids.map(id => untilEnded(project, id)))
  const problems: string[] = []
  const late = ended.map(({ job, workEndedAt }, index) => {
    const startMs = (job.startedAt ?? Infinity) - job.queuedAt
    const endMs = (job.endedAt ?? Infinity) - workEndedAt
    const blocked = index === jobs - 1
    if (startMs > maxLateMs) problems.push(`job ${job.id} started ${startMs} ms after it was queued`)
    if (blocked && (job.endedAt ?? Infinity) - job.queuedAt > MAX_BLOCKED_MS)
      problems.push(`job ${job.id} was blocked for longer than ${MAX_BLOCKED_MS} ms`)
    if (!blocked && endMs > maxLateMs)
      problems.push(`job ${job.id} was settled ${endMs} ms after its work had ended`)
    if (job.state !== (blocked ? 'failed' : 'succeeded')) problems.push(`job ${job.id} is ${job.state}`)
    return { startMs, endMs: blocked ? 0 : endMs }
  })
  const family = processTreeOf(livingScheduler(project.paths.owner) ?? 0)
  scheduler.stop()
  await scheduler.ended
  await untilNothingIsLeft(family, root)
  return {
    problems,
    latestStartMs: Math.max(...late.map(({ startMs }) => startMs)),
    latestEndMs: Math.max(...late.map(({ endMs }) => endMs)),
  }
}

interface Unread {
  /**
   * Asks the scheduler to end. A scheduler that prints into a pipe is killed, because it waits for
   * the reader.
   */
  stop(): void
  readonly ended: Promise<unknown>
}

/** Starts a scheduler, reads until it schedules, and then lets its output fill. */
async function startUnread(
  t: Pick<Test, 'teardown'>,
  { root, paths }: JourneyProject,
  output: UnreadOutput,
): Promise<Unread> {
  const args = [PROGRAM, '--root', root, ...(output === 'console' ? [] : ['--no-tui'])]
  if (output === 'lines in a pipe') {
    // A pipe of the shell is needed, because Node gives its children sockets, which cannot be
    // filled from outside.
    const script = '"$@" | { head -n 1 >&2; exec sleep 100000; }'
    const shell = spawnProcess('/bin/sh', ['-c', script, 'sh', process.execPath, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    const { pid } = shell
    if (pid === undefined) throw new Error('The shell did not start.')
    const stop = () => void process.kill(-pid, 'SIGKILL')
    const ended = new Promise<void>(resolve => {
      shell.once('close', () => resolve())
    })
    const program = await until('the scheduler', () => livingScheduler(paths.owner))
    await once(shell.stderr, 'data')
    await fillOutput(program)
    return { stop, ended }
  }
  const terminal = spawnTerminal(process.execPath, args, { cols: 120, rows: 40 })
  t.teardown(() => terminal.close())
  await terminal.waitFor('scheduling')
  terminal.stopReading()
  await fillOutput(terminal.pid)
  return { stop: () => terminal.signal('SIGTERM'), ended: terminal.exited }
}

async function enqueue(store: Store, kind: 'quick' | 'blocked'): Promise<number> {
  const { id } = await store.call('jobs.enqueue', {
    ...(kind === 'quick'
      ? { workflow: 'succeeds-late', input: { at: 1 } }
      : { workflow: 'hangs', input: { how: 'loops' } }),
    workers: 1,
    retries: 0,
    origin: 'test',
  })
  return id
}

/**
 * Waits for the end of a job. Resolves with the job and with the time at which its worker had
 * ended.
 */
function untilEnded(project: JourneyProject, id: number): Promise<{ job: Job; workEndedAt: number }> {
  return until(`the end of job ${id}`, () =>
    withStore(project, 'client', async store => {
      const job = await store.call('jobs.read', { id })
      if (job === null || !jobEnded(job.state)) return false
      const members = await store.call('members.list', { jobId: id })
      return { job, workEndedAt: Math.max(...members.map(({ endedAt }) => endedAt)) }
    }),
  )
}
