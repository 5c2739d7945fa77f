import t from 'tap'
import type { Log } from '../../../lib/core/log.ts'
import { OutputHealth } from '../../../bin/standard-streams/output-health.ts'

function recordingLog() {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  return { log, lines }
}

const NO_SPACE = new Error('ENOSPC: no space left on device, write')

t.test('reports a failing output once, and its recovery once', t => {
  const { log, lines } = recordingLog()
  const health = new OutputHealth('standard output')
  health.reportTo(log)
  health.succeed()
  for (let line = 0; line < 3; line += 1) health.lose(NO_SPACE)
  t.equal(health.failure, NO_SPACE)
  health.succeed()
  health.succeed()
  t.equal(health.failure, undefined)
  t.same(lines, [
    'Writing to the standard output fails: ENOSPC: no space left on device, write. Jobs continue, and jobs and warnings are still recorded.',
    'Writing to the standard output works again. 3 lines were lost.',
  ])
  t.end()
})

t.test('reports a failure from before the log was open when it is open', t => {
  const { log, lines } = recordingLog()
  const health = new OutputHealth('standard error')
  health.lose(NO_SPACE)
  health.reportTo(log)
  health.reportTo(log)
  t.equal(lines.length, 1)
  t.end()
})

t.test('a report that goes to the failing output causes no further report', t => {
  const { log, lines } = recordingLog()
  const health = new OutputHealth('standard error')
  const warn = (line: string) => {
    log.warn(line)
    health.lose(NO_SPACE)
  }
  health.reportTo({ ...log, warn })
  health.lose(NO_SPACE)
  health.succeed()
  t.match(lines, [/Writing to the standard error fails/, /works again\. 2 lines were lost/])
  t.equal(lines.length, 3, 'the output fails again, because the report of its recovery was lost')
  t.end()
})
