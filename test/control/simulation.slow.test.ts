import t from 'tap'
import { chosenSeed } from '../fault/random.ts'
import { liveThrough } from '../fault/scheduler-history.ts'
import { shortOrLong } from '../helpers/long-form.ts'

/** Takes a few seconds on a slow machine. `npm run sim` is the long form. */
const HISTORIES = shortOrLong(500, 2_000)

t.test('no history of claims, deaths, restarts, pauses and clock jumps loses or repeats a job', async t => {
  const first = chosenSeed()
  let jobs = 0
  for (let seed = first; seed < first + HISTORIES; seed++) {
    try {
      jobs += liveThrough(seed)
    } catch (error) {
      t.fail(`seed ${seed} (replay: FAULT_SEED=${seed} npm run sim -- 1)`, { cause: String(error) })
      return
    }
  }
  t.ok(jobs > HISTORIES, `${jobs} jobs in ${HISTORIES} histories from seed ${first}`)
})
