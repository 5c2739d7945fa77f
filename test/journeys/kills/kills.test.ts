import t from 'tap'
import { killAtRandom } from '../../fault/kills.ts'
import { chosenSeed } from '../../fault/random.ts'
import { shortOrLong } from '../../helpers/long-form.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** Short form of "npm run fault:kill". */
const KILLS = shortOrLong(3, 6)

const POSIX = process.platform === 'win32' ? 'the table of processes is not read there' : false

t.test(
  'kills at random moments leave one crash report each, and every job is done',
  { skip: POSIX },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const seed = chosenSeed()
    const report = await killAtRandom(t, { kills: KILLS, seed, url: site.url, root: newFolder() })
    t.comment(`seed ${seed}; killed ${JSON.stringify(report.killed)}; ${report.crashes} crash reports`)
    t.strictSame(report.problems, [])
  },
)
