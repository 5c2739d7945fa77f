import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import { countsFrom } from './counts.ts'
import { chosenSeed } from './random.ts'
import { killOwners } from './store-kills.ts'

// npm run fault:store [-- <kills>]: the long form of test/store/ownership/owner-kills.slow.test.ts.
const { kills } = countsFrom('fault:store', { kills: 100 })
const seed = chosenSeed()
console.log(`${kills} kills, seed ${seed} (repeat with FAULT_SEED=${seed})`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const report = await killOwners({ teardown: () => undefined }, new ProjectPaths(root), {
  kills,
  seed,
  lock: 'kernel',
})
const sorted = report.takeoverMs.toSorted((a, b) => a - b)
console.log(`${report.acknowledged} acknowledged, ${report.counted} counted`)
console.log(`takeover: median ${sorted[Math.floor(sorted.length / 2)]} ms, longest ${sorted.at(-1)} ms`)
for (const problem of report.problems) console.error(problem)
const good = report.problems.length === 0 && report.acknowledged === report.counted
if (good) rmSync(root, { recursive: true })
else console.error(`The files are in ${root}`)
process.exitCode = good ? 0 : 1
