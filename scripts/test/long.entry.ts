import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

// npm run test:long [-- <command> …]: runs the long forms of the tests, one after the other, all
// with one seed.

const MS_A_MINUTE = 60_000
const LONGEST_SEED = 2 ** 32
const LONG_FORM = /^(?:fault:.+|test:full|sim|soak)$/

const Package = z.object({ scripts: z.record(z.string(), z.string()) })
const { scripts } = Package.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
)
const known = Object.keys(scripts).filter(name => LONG_FORM.test(name))
const chosen = process.argv.slice(2)
const unknown = chosen.filter(name => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no long form ${unknown.join(', ')}. The long forms are: ${known.join(', ')}.`)
  process.exit(2)
}

const names = chosen.length > 0 ? chosen : known
const seed = process.env['FAULT_SEED'] ?? String(Math.floor(Math.random() * LONGEST_SEED))
const failed: string[] = []
const startedAt = performance.now()
const minutes = (since: number) => `${((performance.now() - since) / MS_A_MINUTE).toFixed(1)} min`
for (const [index, name] of names.entries()) {
  console.log(
    `\n${index + 1} of ${names.length}: npm run ${name}, FAULT_SEED=${seed}, after ${minutes(startedAt)}`,
  )
  const begin = performance.now()
  const { status } = spawnSync(scripts[name] ?? '', {
    shell: true,
    stdio: 'inherit',
    env: { ...process.env, FAULT_SEED: seed },
  })
  if (status !== 0) failed.push(name)
  console.log(`${name} ${status === 0 ? 'passed' : 'FAILED'} in ${minutes(begin)}`)
}
console.log(`\n${names.length - failed.length} of ${names.length} long forms passed in ${minutes(startedAt)}`)
for (const name of failed) console.error(`Repeat the failure: FAULT_SEED=${seed} npm run ${name}`)
process.exitCode = failed.length === 0 ? 0 : 1
