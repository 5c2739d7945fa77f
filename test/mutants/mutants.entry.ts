import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { readJsonSync, writeJsonSync } from '../../lib/files/documents/atomic-json.ts'
import { chosenSeed, randomFrom } from '../fault/random.ts'
import { MODULES, drawMutants } from './draw-mutants.ts'
import type { Mutant } from './draw-mutants.ts'
import { nearestFirst, passes, testsOf } from './run-tests.ts'

// npm run mutants: changes the code in many places, one at a time, and runs the tests of the
// changed module. At least one test should fail.

const TREE = fileURLToPath(new URL('../..', import.meta.url))
const MS_A_MINUTE = 60_000
const PERCENT = 100

const HELP = `npm run mutants -- [--count 200] [--modules ${MODULES.join(',')}] [--lanes 2] [--report <file>] [--before <file>]
Mutants that survive are printed. --report writes the result as JSON. --before compares it with an earlier report:
a mutant that was killed then and survives now fails the run. FAULT_SEED=<number> draws the same mutants again.`

/** Test that killed each mutant, by the mutant's name; null for a survivor. */
const Report = z.object({ seed: z.number(), mutants: z.record(z.string(), z.string().nullable()) })

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    modules: { type: 'string', default: MODULES.join(',') },
    lanes: { type: 'string', default: '2' },
    report: { type: 'string' },
    before: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const modules = values.modules.split(',').flatMap(name => MODULES.find(known => known === name) ?? [])
const [count, lanes] = [Number(values.count), Number(values.lanes)]
if (values.help || modules.length === 0 || !(count > 0) || !(lanes > 0)) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}

/**
 * Copies the files of the tree that git tracks, or would add, into a new folder that shares the
 * packages.
 */
function copyOfTree(): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'automate-tui-mutants-')))
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: TREE,
  })
  for (const file of listed
    .toString()
    .split('\0')
    .filter(name => name !== ''))
    cpSync(join(TREE, file), join(copy, file))
  symlinkSync(join(TREE, 'node_modules'), join(copy, 'node_modules'), 'junction')
  cpSync(join(TREE, '.tap', 'plugins'), join(copy, '.tap', 'plugins'), { recursive: true })
  return copy
}

async function untilFailure(tree: string, tests: readonly string[]): Promise<string | null> {
  for (const test of tests) if (!(await passes(tree, test))) return test
  return null
}

async function kill(tree: string, mutant: Mutant): Promise<string | null> {
  const file = join(tree, mutant.file)
  const code = readFileSync(file, 'utf8')
  writeFileSync(file, code.slice(0, mutant.from) + mutant.replacement + code.slice(mutant.to))
  try {
    return await untilFailure(tree, nearestFirst(tree, mutant))
  } finally {
    writeFileSync(file, code)
  }
}

const seed = chosenSeed()
const mutants = await drawMutants(TREE, modules, count, randomFrom(seed))
console.log(
  `${mutants.length} mutants of ${modules.join(', ')}, seed ${seed} (repeat with FAULT_SEED=${seed})`,
)
const trees = Array.from({ length: lanes }, copyOfTree)
process.once('exit', () => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true })
})
process.once('SIGINT', () => process.exit(1))

const startedAt = performance.now()
const waiting = { modules: [...modules], mutants: [...mutants] }
const broken: string[] = []
await Promise.all(
  trees.map(async tree => {
    for (let module = waiting.modules.shift(); module !== undefined; module = waiting.modules.shift())
      for (const test of testsOf(tree, module)) if (!(await passes(tree, test))) broken.push(test)
  }),
)
if (broken.length > 0) {
  console.error(`These tests fail without a mutant: ${broken.join(', ')}`)
  process.exit(1)
}

const killedBy = new Map<string, string | null>()
const minutes = () => (performance.now() - startedAt) / MS_A_MINUTE
await Promise.all(
  trees.map(async tree => {
    for (let mutant = waiting.mutants.shift(); mutant !== undefined; mutant = waiting.mutants.shift()) {
      const test = await kill(tree, mutant)
      killedBy.set(mutant.name, test)
      const left = (minutes() / killedBy.size) * (mutants.length - killedBy.size)
      const what = test === null ? 'SURVIVED' : `killed by ${test}`
      console.log(
        `${killedBy.size} of ${mutants.length}, about ${left.toFixed(0)} min left: ${mutant.name}: ${what}`,
      )
    }
  }),
)

const survivors = [...killedBy].filter(([, test]) => test === null).map(([name]) => name)
const share = ((killedBy.size - survivors.length) / killedBy.size) * PERCENT
console.log(`\n${killedBy.size - survivors.length} of ${killedBy.size} killed (${share.toFixed(1)} %)`)
for (const name of survivors.sort()) console.log(`survived: ${name}`)
if (values.report !== undefined) writeJsonSync(values.report, { seed, mutants: Object.fromEntries(killedBy) })
if (values.before !== undefined) {
  const before = readJsonSync(values.before, Report)
  const lost = survivors.filter(name => typeof before.mutants[name] === 'string')
  for (const name of lost) console.error(`killed before, survives now: ${name}`)
  process.exitCode = lost.length === 0 ? 0 : 1
}
