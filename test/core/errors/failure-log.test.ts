import t from 'tap'
import { FailureLog, writeFailures } from '../../../lib/core/errors/failure-log.ts'
import type { Log } from '../../../lib/core/log.ts'

const NO_SPACE = new Error('ENOSPC: no space left on device, write')

t.test('logs repeated write failures once, and the next success once', t => {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const writes = new FailureLog(log, writeFailures("The scheduler's state"))
  for (let round = 0; round < 2; round += 1) {
    writes.succeed()
    writes.fail(NO_SPACE)
    writes.fail(NO_SPACE)
    writes.succeed()
  }
  const once = [
    "The scheduler's state could not be written and is being retried: ENOSPC: no space left on device, write",
    "The scheduler's state can be written again.",
  ]
  t.same(lines, [...once, ...once])
  t.end()
})
