import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { ConsoleTerminal } from '../console/console-terminal.ts'
import type { Competitor } from '../harness/competitor.ts'
import { makeProject } from '../ours/project.ts'
import { LINES_A_SECOND, WRITERS, watched, writerArgs, writerName } from './watch.ts'

const KEYS = [
  { key: '4', shows: 'opened Logs' },
  { key: '1', shows: 'opened Dashboard' },
] as const

/** Console over the logs of processes that write as workers do. */
export const ours: Competitor = {
  name: `automate-tui, ${WRITERS} processes, ${LINES_A_SECOND} lines a second`,
  spawnsProgram: true,
  async run(options) {
    const { scratch, browserPath } = options
    makeProject(scratch, { workers: 1, browserPath, settings: { warmWorkers: 0 } })
    const terminal = new ConsoleTerminal(scratch)
    await terminal.sees('● scheduling')
    const folder = new ProjectPaths(scratch).logs('workers', new Date(systemClock.now()))
    const writers = Array.from({ length: WRITERS }, (_, index) =>
      spawn(process.execPath, writerArgs(join(folder, `${writerName(index + 1)}.log`)), { stdio: 'ignore' }),
    )
    try {
      await terminal.sees('price of bottle')
      return await watched(options, terminal, KEYS)
    } finally {
      writers.forEach(writer => writer.kill('SIGKILL'))
      await terminal.close()
    }
  },
}
