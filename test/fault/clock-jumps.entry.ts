import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jumpClock } from './clock-jumps.ts'

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S
const YEAR_S = 365 * DAY_S

// npm run fault:clock: the long form of test/journeys/scheduler/clock-jumps.test.ts.
const root = mkdtempSync(join(tmpdir(), 'automate-tui-clock-'))
const ends: (() => unknown)[] = []
try {
  const problems = await jumpClock(
    { teardown: end => void ends.push(end) },
    {
      root,
      jumps: [HOUR_S, DAY_S, 30 * DAY_S].flatMap(seconds => [seconds, -seconds]),
      starts: [30 * DAY_S, -30 * DAY_S, 10 * YEAR_S, -10 * YEAR_S],
      say: line => console.log(line),
    },
  )
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
for (const end of ends) await end()
if (process.exitCode === 0) rmSync(root, { recursive: true })
else console.error(`The project is in ${root}`)
