import t from 'tap'
import { chosenSeed } from '../../fault/random.ts'
import { soak } from '../../fault/soak.ts'
import { newFolder } from '../../helpers/store/project.ts'

const skip = process.platform !== 'linux' && 'memory and handles are read from /proc'

/** Short form of "npm run soak", with one or two faults of each kind. */
const MINUTES = 0.25

t.test('work under faults loses no job, and leaves nothing behind', { skip, timeout: 280_000 }, async t => {
  const seed = chosenSeed()
  const report = await soak(t, { minutes: MINUTES, seed, root: newFolder(), say: () => undefined })
  t.comment(`seed ${seed}; ${report.jobs} jobs; ${JSON.stringify(report.faults)}`)
  for (const { name, first, last } of report.trends)
    t.comment(`${name}: ${first.toFixed(1)}, then ${last.toFixed(1)}`)
  t.strictSame(report.problems, [])
  t.ok(report.jobs > 6, 'jobs have ended, and others were queued in their place')
})
