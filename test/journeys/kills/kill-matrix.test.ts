import t from 'tap'
import { ENDINGS } from '../../fault/console-to-end.ts'
import { MOMENTS, TRANSPORTS, liveThroughEnd } from '../../fault/kill-matrix.ts'
import { chosenSeed, oneOf, randomFrom } from '../../fault/random.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** Short form of "npm run fault:matrix", which tests the whole matrix. */
const CELLS = 2

const skip = process.platform === 'win32' && 'the table of processes is not read there'
const seed = chosenSeed()
const random = randomFrom(seed)

for (let count = 1; count <= CELLS; count += 1) {
  const cell = {
    ending: oneOf(random, ENDINGS),
    moment: oneOf(random, MOMENTS),
    transport: oneOf(random, TRANSPORTS),
    frozen: random() < 0.5,
  }
  const { ending, moment, transport, frozen } = cell
  t.test(
    `${ending} while workers are ${moment}${frozen ? ', some frozen' : ''}, over a ${transport} (seed ${seed})`,
    { skip },
    async t => {
      const { problems, processes, leftMs } = await liveThroughEnd(t, newFolder(), { ...cell, workers: 2 })
      t.strictSame(problems, [])
      t.ok(processes > 2, `${processes} processes, gone after ${leftMs} ms`)
    },
  )
}
