import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsFrom } from './counts.ts'
import { OUTPUTS, runUnread } from './unread-output.ts'

// npm run fault:terminal [-- <seconds> <jobs>]: the long form of
// test/journeys/console/unread-terminal.test.ts.
const { seconds, jobs } = countsFrom('fault:terminal', { seconds: 600, jobs: 20 })

/** Delay that an operator notices. */
const MAX_LATE_MS = 2_000

for (const output of OUTPUTS) {
  const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
  const undo: (() => unknown)[] = []
  const options = { output, seconds, jobs, maxLateMs: MAX_LATE_MS, root }
  const report = await runUnread({ teardown: fn => undo.push(fn) }, options)
  for (const act of undo) await act()
  console.log(
    `${output}: ${jobs} jobs in ${seconds} s, started at most ${report.latestStartMs} ms late, settled at most ${report.latestEndMs} ms late`,
  )
  for (const problem of report.problems) console.error(problem)
  rmSync(root, { recursive: true, force: true })
  if (report.problems.length > 0) process.exitCode = 1
}
