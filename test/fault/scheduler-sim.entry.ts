import { countsFrom } from './counts.ts'
import { chosenSeed } from './random.ts'
import { liveThrough } from './scheduler-history.ts'

// npm run sim [-- <histories>]: the long form of test/control/simulation.slow.test.ts.
const { histories } = countsFrom('sim', { histories: 200_000 })
const first = chosenSeed()
let jobs = 0
for (let seed = first; seed < first + histories; seed++) {
  try {
    jobs += liveThrough(seed)
  } catch (error) {
    console.error(`seed ${seed} (replay: FAULT_SEED=${seed} npm run sim -- 1):`, error)
    process.exitCode = 1
    break
  }
}
console.log(`${jobs} jobs in ${histories} histories from seed ${first}`)
