import { systemClock } from '../../../lib/core/time/clock.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { untilBusy, untilGone } from '../ours/busy-workers.ts'
import { startGate } from '../ours/gate.ts'
import { startProgram } from '../ours/program.ts'
import type { RunningProgram } from '../ours/program.ts'
import { makeProject } from '../ours/project.ts'
import { openOurs } from '../ours/store.ts'
import type { Store } from '../../../lib/store/store.ts'

interface Surroundings {
  /** True if crashes are reported to a server that accepts every request and never responds. */
  readonly stalledServer: boolean
  /**
   * True if the scheduler is stopped (SIGSTOP) when the worker fails, so that it does not
   * acknowledge the failure.
   */
  readonly schedulerStopped: boolean
}

async function failAndExit(
  store: Store,
  program: RunningProgram,
  root: string,
  schedulerStopped: boolean,
): Promise<number> {
  const gate = await startGate()
  const { id } = await store.call('jobs.enqueue', {
    workflow: 'fails-at-gate',
    input: { gate: gate.url },
    workers: 1,
    retries: 0,
    origin: 'bench',
  })
  const pids = await untilBusy(root, id, 1)
  await gate.reached
  if (schedulerStopped) program.freeze()
  const failedAt = systemClock.monotonic()
  gate.open()
  await untilGone(pids)
  const tookMs = systemClock.monotonic() - failedAt
  if (schedulerStopped) program.thaw()
  gate.close()
  return tookMs
}

async function run(
  options: BenchOptions,
  { stalledServer, schedulerStopped }: Surroundings,
): Promise<Measurement> {
  const { scratch: root, browserPath } = options
  const server = await startGate()
  const telegram = { token: '1:bench', chat: '1', apiRoot: server.url }
  makeProject(root, { workers: 1, browserPath, settings: stalledServer ? { notify: { telegram } } : {} })
  const program = startProgram(root, { exitCode: 1 })
  const store = await openOurs(root, 'client')
  const measurement = await timeEach(options.starts, () =>
    failAndExit(store, program, root, schedulerStopped),
  )
  await store.close()
  await program.stop()
  server.close()
  return measurement
}

export const noChannel: Competitor = {
  name: 'no channel',
  run: options => run(options, { stalledServer: false, schedulerStopped: false }),
}

export const stalledServer: Competitor = {
  name: 'stalled Telegram server',
  run: options => run(options, { stalledServer: true, schedulerStopped: false }),
}

export const noChannelAlone: Competitor = {
  name: 'no channel, scheduler stopped',
  run: options => run(options, { stalledServer: false, schedulerStopped: true }),
}

export const stalledServerAlone: Competitor = {
  name: 'stalled Telegram server, scheduler stopped',
  run: options => run(options, { stalledServer: true, schedulerStopped: true }),
}
