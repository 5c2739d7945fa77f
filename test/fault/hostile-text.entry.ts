import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countsFrom } from './counts.ts'
import { hostileProject, obeyedOutput } from './hostile-commands.ts'
import { HostileStrings } from './hostile-strings.ts'
import { showHostileText } from './hostile-text.ts'
import { chosenSeed, randomFrom } from './random.ts'

// npm run fault:text [-- <strings>]: the long form of test/screens/hostile-text.test.ts and
// test/journeys/commands/hostile-commands.test.ts.
const { strings } = countsFrom('fault:text', { strings: 10_000 })
const LONGEST = 10_000
const seed = chosenSeed()
console.log(`seed ${seed}`)
const report = await showHostileText(seed, strings)
console.log(`${report.strings} strings on ${report.frames} frames`)
const root = mkdtempSync(join(tmpdir(), 'automate-tui-hostile-'))
try {
  writeFileSync(join(root, 'automate.config.ts'), 'export default {}\n')
  const texts = new HostileStrings(randomFrom(seed))
  // Longer texts would show nothing new except their length.
  await hostileProject(root, () => texts.next().slice(0, LONGEST))
  const problems = [...report.problems, ...(await obeyedOutput(root))]
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
