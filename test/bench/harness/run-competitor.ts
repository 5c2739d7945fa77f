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
/** Loading the slowest peer takes two seconds; this is for a machine that does much else. */
const READY_LIMIT_MS = 60_000
/**
 * The slowest competitor, a browser a job, does 200 jobs in two minutes; past ten times that it
 * hangs.
 */
const RUN_LIMIT_MS = 1_200_000
/** Time for an ended competitor to leave by itself before it is killed. */
const LEAVE_LIMIT_MS = 10_000

/**
 * How one run of one competitor ended. `unfit` only leaves it out; `failed` is a mistake to look
 * at.
 */
export type Outcome =
  | { readonly kind: 'measured'; readonly measurement: Measurement; readonly use: TreeUse }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** The processes that the runner itself started and waits for, and its way to take in orphans. */
export interface Household {
  readonly ownChildren: Set<number>
  readonly reap: Reap | undefined
}

/** Runs a competitor once in a process of its own, measures it, and leaves nothing of it behind. */
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
