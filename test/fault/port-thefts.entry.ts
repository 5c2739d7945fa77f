import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsFrom } from './counts.ts'
import { stealPorts } from './port-thefts.ts'

// npm run fault:ports [-- <launches>]: the long form of
// test/execution/browser/launch/port-thefts.long.test.ts.
const { launches } = countsFrom('fault:ports', { launches: 50 })
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const undo: (() => unknown)[] = []
const report = await stealPorts({ teardown: fn => undo.push(fn) }, { launches, root, withIntruder: true })
for (const act of undo) await act()
console.log(
  `${launches} launches at once in ${report.tookMs} ms, ${report.stolen} ports stolen, ${new Set(report.ports).size} distinct ports`,
)
for (const problem of report.problems) console.error(problem)
rmSync(root, { recursive: true, force: true })
process.exitCode = report.problems.length === 0 ? 0 : 1
