import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { z } from 'zod'

const FULL = 'test:full'
const TREE = fileURLToPath(new URL('../..', import.meta.url))

t.test('the long run knows the full suite and each fault program, and refuses another name', async t => {
  const run = spawnSync(process.execPath, [join(TREE, 'scripts', 'test', 'long.entry.ts'), 'nonsense'], {
    encoding: 'utf8',
  })
  t.equal(run.status, 2)
  const known = /The long forms are: (.*)\./.exec(run.stderr)?.[1]?.split(', ') ?? []
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(TREE, 'package.json'), 'utf8')))
  const programs = readdirSync(join(TREE, 'test', 'fault')).filter(name => name.endsWith('.entry.ts'))
  t.ok(programs.length > 5)
  t.ok(known.includes(FULL))
  t.strictSame(
    known
      .filter(name => name !== FULL)
      .map(name => scripts[name])
      .sort(),
    programs.map(name => `node test/fault/${name}`).sort(),
  )
})
