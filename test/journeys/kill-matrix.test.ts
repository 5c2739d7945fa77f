import t from 'tap'
import { liveThroughEnd } from '../fault/kill-matrix.ts'
import type { Cell } from '../fault/kill-matrix.ts'
import { newFolder } from '../helpers/project.ts'

// The short form of "npm run fault:matrix": each moment, each transport, and ends of each kind.
const CELLS: readonly Omit<Cell, 'workers'>[] = [
  { ending: 'sigkill', moment: 'running', transport: 'port', frozen: true },
  { ending: 'closed-terminal', moment: 'stopping', transport: 'pipe', frozen: true },
  { ending: 'out-of-memory', moment: 'starting', transport: 'port', frozen: false },
  { ending: 'uncaught-error', moment: 'running', transport: 'pipe', frozen: false },
]

const skip = process.platform === 'win32' && 'the table of processes is not read there'

for (const cell of CELLS) {
  const { ending, moment, transport, frozen } = cell
  t.test(
    `${ending} while workers are ${moment}${frozen ? ', some frozen' : ''}, over a ${transport}`,
    { skip },
    async t => {
      const { problems, processes, leftMs } = await liveThroughEnd(t, newFolder(), { ...cell, workers: 3 })
      t.strictSame(problems, [])
      t.ok(processes > 3, `${processes} processes, gone after ${leftMs} ms`)
    },
  )
}
