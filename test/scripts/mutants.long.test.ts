import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { randomFrom } from '../fault/random.ts'
import { drawMutants } from '../mutants/draw-mutants.ts'
import { nearestFirst } from '../mutants/run-tests.ts'

const TREE = fileURLToPath(new URL('../..', import.meta.url))

t.test('a seed selects mutants, and each is a change that Node can load', async t => {
  const draw = (seed: number) => drawMutants(TREE, ['core'], 50, randomFrom(seed))
  const mutants = await draw(7)
  t.equal(mutants.length, 50)
  t.strictSame(await draw(7), mutants)
  t.notSame(await draw(8), mutants)
  for (const { name, file, from, to, replacement } of mutants) {
    const code = readFileSync(join(TREE, file), 'utf8')
    const changed = code.slice(0, from) + replacement + code.slice(to)
    t.not(changed, code, name)
    t.doesNotThrow(() => stripTypeScriptTypes(changed), name)
  }
})

t.test("runs a mutant against the tests of its file first, and then of the file's module", async t => {
  const [mutant] = await drawMutants(TREE, ['core'], 1, randomFrom(7))
  if (mutant === undefined) throw new Error('no mutant was drawn')
  const tests = nearestFirst(TREE, { ...mutant, file: 'lib/core/time/duration.ts' })
  t.equal(tests[0], 'test/core/time/duration.test.ts')
  t.ok(tests.includes('test/core/secrets/known-secrets.slow.test.ts'))
})
