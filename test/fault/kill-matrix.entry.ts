import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENDINGS } from './console-to-end.ts'
import { countsFrom } from './counts.ts'
import { MOMENTS, TRANSPORTS, liveThroughEnd } from './kill-matrix.ts'
import type { Cell } from './kill-matrix.ts'

// npm run fault:matrix [-- <workers>]: every way for a console to end, at every moment. It is the
// long form of test/journeys/kills/kill-matrix.test.ts.
const { workers } = countsFrom('fault:matrix', { workers: 8 })
const cells: Cell[] = ENDINGS.flatMap(ending =>
  MOMENTS.flatMap(moment =>
    TRANSPORTS.flatMap(transport =>
      [false, true].map(frozen => ({ ending, moment, transport, frozen, workers })),
    ),
  ),
)

/** Time within which all processes must be gone. */
const PROMISED_MS = 2_000

const teardowns: (() => unknown)[] = []
const t = { teardown: (fn: () => unknown) => void teardowns.push(fn) }
let [bad, slow, longest] = [0, 0, 0]
for (const [place, cell] of cells.entries()) {
  const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
  const { ending, moment, transport, frozen } = cell
  const name = `${ending}, ${moment}, ${transport}${frozen ? ', frozen' : ''}`
  const { problems, processes, leftMs } = await liveThroughEnd(t, root, cell).catch((error: unknown) => ({
    problems: [String(error)],
    processes: 0,
    leftMs: 0,
  }))
  console.log(`${place + 1}/${cells.length} ${name}: ${processes} processes, gone after ${leftMs} ms`)
  for (const problem of problems) console.error(`  ${problem}`)
  if (problems.length > 0) console.error(`  The project is in ${root}`)
  for (const teardown of teardowns.splice(0).reverse()) await teardown()
  if (problems.length > 0) bad += 1
  else rmSync(root, { recursive: true, force: true })
  if (leftMs > PROMISED_MS) slow += 1
  longest = Math.max(longest, leftMs)
}
console.log(
  `${cells.length} ends with ${workers} workers: ${bad} bad; longest ${longest} ms, ${slow} over ${PROMISED_MS} ms`,
)
process.exitCode = bad === 0 && slow === 0 ? 0 : 1
