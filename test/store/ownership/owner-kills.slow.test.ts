import t from 'tap'
import { shortOrLong } from '../../helpers/long-form.ts'
import { newProject } from '../../helpers/store/project.ts'
import { chosenSeed } from '../../fault/random.ts'
import { killOwners } from '../../fault/store-kills.ts'

/**
 * Time limit for a successor on a loaded machine. On a free machine it owns the file within a
 * second.
 */
const GENEROUS_MS = 30_000

/** Number of kills. `npm run fault:store` has more. */
const KILLS = shortOrLong(1, 8)

t.test('killed owners lose no acknowledged commit and apply none twice', async t => {
  const seed = chosenSeed()
  const report = await killOwners(t, newProject(), { kills: KILLS, seed, lock: 'kernel' })
  t.comment(`seed ${seed}; ${report.acknowledged} commits; takeover ${report.takeoverMs.join(', ')} ms`)
  t.strictSame(report.problems, [])
  t.equal(report.counted, report.acknowledged)
  t.ok(Math.max(...report.takeoverMs) < GENEROUS_MS)
})

t.test('a killed owner without kernel locks loses no acknowledged commit', async t => {
  const seed = chosenSeed()
  const report = await killOwners(t, newProject(), { kills: 1, seed, lock: 'lockfile' })
  t.comment(`seed ${seed}; ${report.acknowledged} commits; takeover ${report.takeoverMs.join(', ')} ms`)
  t.strictSame(report.problems, [])
  t.equal(report.counted, report.acknowledged)
})
