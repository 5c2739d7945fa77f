import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gatedSite } from '../helpers/processes/worker-run.ts'
import { countsFrom } from './counts.ts'
import { chosenSeed } from './random.ts'
import { killSchedulers } from './restart-kills.ts'

// npm run fault:restart [-- <kills> <jobs>]: the long form of
// test/journeys/kills/restart-kills.test.ts.
const { kills, jobs } = countsFrom('fault:restart', { kills: 200, jobs: 100 })
const seed = chosenSeed()
console.log(`${kills} kills, ${jobs} jobs, seed ${seed} (repeat with FAULT_SEED=${seed})`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const site = await gatedSite('<h1>Shop</h1>')
const report = await killSchedulers(
  { teardown: () => undefined },
  { kills, jobs, seed, url: site.url, root, say: line => console.log(line) },
)
site.close()
console.log(`${report.restarts} restarts of jobs; all gone after at most ${Math.max(...report.goneMs)} ms`)
for (const problem of report.problems) console.error(problem)
const good = report.problems.length === 0
if (good) rmSync(root, { recursive: true })
else console.error(`The project is in ${root}`)
process.exitCode = good ? 0 : 1
