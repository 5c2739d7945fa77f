import { countsFrom } from './counts.ts'
import { showHostileText } from './hostile-text.ts'
import { chosenSeed } from './random.ts'

// npm run fault:text [-- <strings>]: the long form of test/screens/hostile-text.test.ts.
const { strings } = countsFrom('fault:text', { strings: 10_000 })
const seed = chosenSeed()
console.log(`seed ${seed}`)
const report = await showHostileText(seed, strings)
console.log(`${report.strings} strings on ${report.frames} frames`)
for (const problem of report.problems) console.error(problem)
process.exitCode = report.problems.length === 0 ? 0 : 1
