import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feedBadInput } from './bad-input.ts'
import { countsFrom } from './counts.ts'
import { chosenSeed } from './random.ts'

// npm run fault:input [-- <tries>]: the long form of test/journeys/workflows/bad-input.test.ts.
const { tries } = countsFrom('fault:input', { tries: 3_000 })
const seed = chosenSeed()
console.log(`${tries} tries, seed ${seed} (repeat with FAULT_SEED=${seed})`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-fault-'))
const teardowns: (() => unknown)[] = []
const problems = await feedBadInput(
  { teardown: act => teardowns.push(act) },
  { seed, tries, root, say: line => console.log(line) },
)
for (const act of teardowns) await act()
for (const problem of problems) console.error(problem)
if (problems.length === 0) rmSync(root, { recursive: true })
else console.error(`What was left is in ${root}`)
process.exitCode = problems.length === 0 ? 0 : 1
