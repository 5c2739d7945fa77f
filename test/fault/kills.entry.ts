import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gatedSite } from '../helpers/processes/worker-run.ts'
import { countsFrom } from './counts.ts'
import { killAtRandom } from './kills.ts'
import { chosenSeed } from './random.ts'

// npm run fault:kill [-- <kills>]: the long form of test/journeys/kills/kills.test.ts.
const { kills } = countsFrom('fault:kill', { kills: 1_000 })
const seed = chosenSeed()
console.log(`${kills} kills, seed ${seed} (repeat with FAULT_SEED=${seed})`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const site = await gatedSite('<h1>Shop</h1>')
const report = await killAtRandom(
  { teardown: () => undefined },
  { kills, seed, url: site.url, root, say: line => console.log(line) },
)
site.close()
const { workers, browsers, schedulers } = report.killed
console.log(`killed ${workers} workers, ${browsers} browsers, ${schedulers} schedulers`)
console.log(`${report.jobs} jobs, ${report.crashes} crash reports`)
for (const problem of report.problems) console.error(problem)
const good = report.problems.length === 0
if (good) rmSync(root, { recursive: true })
else console.error(`The project is in ${root}`)
process.exitCode = good ? 0 : 1
