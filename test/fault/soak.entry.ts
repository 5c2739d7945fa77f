import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsFrom } from './counts.ts'
import { chosenSeed } from './random.ts'
import { soak } from './soak.ts'

// npm run soak [-- <minutes>]: the long form of test/journeys/kills/soak.test.ts.
const { minutes } = countsFrom('soak', { minutes: 30 })
const seed = chosenSeed()
console.log(`${minutes} minutes, seed ${seed} (repeat with FAULT_SEED=${seed})`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const report = await soak(
  { teardown: () => undefined },
  { minutes, seed, root, say: line => console.log(line) },
)
console.log(
  `${report.jobs} jobs; ${JSON.stringify(report.faults)}; ${report.doubledOrders} orders twice on the site`,
)
for (const { name, first, last, highest } of report.trends) {
  console.log(
    `${name.padEnd(18)} first quarter ${first.toFixed(1)}, last ${last.toFixed(1)}, highest ${highest.toFixed(1)}`,
  )
}
for (const problem of report.problems) console.error(problem)
const good = report.problems.length === 0
if (good) rmSync(root, { recursive: true })
else console.error(`The project is in ${root}`)
process.exitCode = good ? 0 : 1
