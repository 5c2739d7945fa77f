import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { WatchedTerminal } from '../console/console-terminal.ts'
import type { Competitor } from '../harness/competitor.ts'
import { LINES_A_SECOND, WRITERS, watched, writerArgs, writerName } from './watch.ts'

/** Keys down the list and up again. The pane of facts follows. */
const KEYS = [
  { key: 'down', shows: showsFactsOf(2) },
  { key: 'up', shows: showsFactsOf(1) },
]

function showsFactsOf(number: number): RegExp {
  return new RegExp(`App Name +${writerName(number)} `)
}

/**
 * Returns the path of pm2.
 * @throws `environment-unfit` if pm2 is not installed.
 */
function pm2Program(): string {
  try {
    return createRequire(import.meta.url).resolve('pm2/bin/pm2')
  } catch (error) {
    throw new AutomateError(
      'environment-unfit',
      'pm2 is not installed. Run "npm ci" in test/bench to install the peers.',
      {
        cause: error,
      },
    )
  }
}

/** `pm2 monit` over processes that pm2 has started and whose output pm2 reads. */
export const pm2: Competitor = {
  name: `pm2 monit, ${WRITERS} processes, ${LINES_A_SECOND} lines a second`,
  spawnsProgram: true,
  async run(options) {
    const program = pm2Program()
    const env = { PM2_HOME: options.scratch, PM2_DISABLE_VERSION_CHECK: 'true' }
    const pm2 = (...args: readonly string[]) =>
      spawnSync(process.execPath, [program, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' })
    try {
      for (let number = 1; number <= WRITERS; number += 1) {
        const how = ['--name', writerName(number), '--interpreter', 'none', '--']
        pm2('start', process.execPath, ...how, ...writerArgs())
      }
      const terminal = new WatchedTerminal([program, 'monit'], env)
      await terminal.sees('price of bottle')
      await terminal.sees(showsFactsOf(1))
      const measurement = await watched(options, terminal, KEYS)
      await terminal.close()
      return measurement
    } finally {
      pm2('kill')
    }
  },
}
