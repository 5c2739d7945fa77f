import t from 'tap'
import { chosenSeed } from '../../fault/random.ts'
import { killSchedulers } from '../../fault/restart-kills.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** Short form of "npm run fault:restart". */
const FEW = { kills: 5, jobs: 8, latestKillMs: 1_500 }

t.test('killed schedulers lose no job and finish none twice', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const seed = chosenSeed()
  const report = await killSchedulers(t, { ...FEW, seed, url: site.url, root: newFolder() })
  t.comment(`seed ${seed}; ${report.restarts} restarts; gone after ${report.goneMs.join(', ')} ms`)
  t.strictSame(report.problems, [])
})
