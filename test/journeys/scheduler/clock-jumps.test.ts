import t from 'tap'
import { jumpClock } from '../../fault/clock-jumps.ts'
import { noFakedTime } from '../../helpers/processes/faked-time.ts'
import { newFolder } from '../../helpers/store/project.ts'

const DAY_S = 86_400

t.test(
  'a clock jump of 30 days and back ends no swarm, removes nothing and skips no schedule',
  { skip: noFakedTime },
  async t => {
    const jumps = [30 * DAY_S, -30 * DAY_S]
    t.strictSame(await jumpClock(t, { jumps, starts: [], root: newFolder() }), [])
  },
)
