import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { messageOf } from '../../../lib/core/errors/errors.ts'
import { childExit, nextMessage } from './child-message.ts'
import type { BenchOptions, Competitor, Measurement, Topic } from './competitor.ts'
import { endProcess } from './end-process.ts'
import { Ready, RunEnding } from './protocol.ts'
import type { ToCompetitor } from './protocol.ts'
import type { Reap } from './reaper.ts'
import { TreeMeter } from './tree-meter.ts'
import type { TreeUse } from './tree-meter.ts'

const PROGRAM = fileURLToPath(new URL('../competitor.entry.ts', import.meta.url))
/** Time limit for a machine that does much else. The slowest peer loads in two seconds. */
const READY_LIMIT_MS = 60_000
/**
 * Time limit: ten times the two minutes in which the slowest competitor, a browser a job, does 200
 * jobs.
 */
const RUN_LIMIT_MS = 1_200_000
/** Time for an ended competitor to exit by itself before it is killed. */
const LEAVE_LIMIT_MS = 10_000

/**
 * Result of one run of one competitor. `unfit` only excludes it; `failed` is a mistake to
 * investigate.
 */
export type Outcome =
  | { readonly kind: 'measured'; readonly measurement: Measurement; readonly use: TreeUse }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** Processes that the runner itself started and waits for, and its means to adopt orphans. */
export interface Household {
  readonly ownChildren: Set<number>
  readonly reap: Reap | undefined
}

/** Runs a competitor once in its own process, measures it, and removes all its remains. */
export async function runCompetitor(
  topic: Topic,
  competitor: Competitor,
  options: BenchOptions,
  household: Household,
): Promise<Outcome> {
  const who = `"${competitor.name}"`
  const child = fork(PROGRAM, [topic.name, competitor.name], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const pid = child.pid
  if (pid === undefined) return { kind: 'failed', reason: `${who} could not be forked.` }
  household.ownChildren.add(pid)
  const meter = new TreeMeter({
    root: pid,
    leaveOutRoot: competitor.spawnsProgram === true,
    ownChildren: household.ownChildren,
    reap: household.reap,
    clock: systemClock,
  })
  const tell = (message: ToCompetitor) => child.send(message)
  try {
    await nextMessage(child, Ready, READY_LIMIT_MS, who)
    meter.start()
    const ending = nextMessage(child, RunEnding, RUN_LIMIT_MS, who)
    tell({ kind: 'go', options })
    const run = await ending
    const use = meter.stop()
    if (run.kind !== 'done') return run
    tell({ kind: 'leave' })
    await childExit(child, LEAVE_LIMIT_MS, who)
    return { kind: 'measured', measurement: run.measurement, use }
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) }
  } finally {
    meter.stop()
    meter.survivors().forEach(endProcess)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await childExit(child, LEAVE_LIMIT_MS, who)
    household.ownChildren.delete(pid)
  }
}
