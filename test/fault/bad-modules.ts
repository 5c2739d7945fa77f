import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import { readConfigFile } from '../../lib/loader/client/read-config-file.ts'
import { describeWorkflows } from '../../lib/catalogue/describe-workflows.ts'
import type { Nonsense } from './nonsense.ts'

const GOOD = `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'good', input: z.object({}), result: z.any() }).phase('work', { timeout: '1s' }, () => 1)
`

/** Time limit for a module that never ends. */
const LOAD_MS = 4_000

/**
 * Loads a folder of senseless workflow modules and one valid module. Returns the wrong responses.
 */
export async function badModules(nonsense: Nonsense, root: string, count: number): Promise<string[]> {
  const folder = join(root, 'bad-modules')
  mkdirSync(folder)
  try {
    const sources = new Map(
      Array.from({ length: count }, (_, n) => [join(folder, `bad-${n}.ts`), source(nonsense)] as const),
    )
    // Each module without an end costs its time limit.
    if (nonsense.chance(0.5)) sources.set(join(folder, 'never-ends.ts'), nonsense.one(ENDLESS))
    for (const [file, text] of sources) writeFileSync(file, text)
    const good = join(folder, 'good.ts')
    writeFileSync(good, GOOD)
    const { workflows, broken } = await describeWorkflows({ folders: [folder], timeoutMs: LOAD_MS })
    const known = new Map(workflows.map(one => [one.file, one.name]))
    const problems = known.get(good) === 'good' ? [] : ['the good module is not known beside the others']
    for (const [file, text] of sources) {
      const why = broken.find(one => one.file === file)?.error.message
      if (why === undefined && !known.has(file)) problems.push(`nothing is said of ${text}`)
      if (why !== undefined && why.trim() === '') problems.push(`no reason is said of ${text}`)
    }
    return problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads a senseless configuration file as the program does. */
export async function badConfigFile(nonsense: Nonsense, root: string): Promise<string | null> {
  const file = join(root, 'automate.config.ts')
  const text = nonsense.chance(0.1) ? nonsense.one(ENDLESS) : source(nonsense)
  writeFileSync(file, text)
  try {
    await readConfigFile(file, LOAD_MS)
    return null
  } catch (error) {
    const message = messageOf(error)
    if (errorCode(error) !== 'config-invalid') return `${text}: ${String(error)}`
    return message.includes(file) && !message.includes('\n') ? null : `${text}: ${message}`
  }
}

const ENDLESS = [
  'while (true);',
  'await new Promise(() => undefined)',
  'setInterval(() => undefined, 1); await new Promise(() => undefined)',
]

function source(nonsense: Nonsense): string {
  const value = () => JSON.stringify(nonsense.value())
  const options = () =>
    [
      'workers',
      'retries',
      'isolation',
      'session',
      'credentials',
      'domains',
      'quorum',
      'deadline',
      'target',
      'proxy',
      'recovery',
    ]
      .filter(() => nonsense.chance(0.3))
      .map(name => `${name}: ${value()}, `)
      .join('')
  const sane = nonsense.chance(0.5)
  const defined = `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: ${sane ? `'n${nonsense.below(1_000)}'` : value()}, input: z.object({}), result: z.any(), ${options()}})`
  return nonsense.one([
    '',
    nonsense.text(),
    `export default ${value()}`,
    `throw ${value()}`,
    `export default (() => { throw ${value()} })()`,
    'export default { get name() { throw 7 }, get phases() { throw null } }',
    'export default new Proxy({}, { get() { throw 1 }, has() { throw 2 } })',
    'export default class { static name = null }',
    "import 'not-there'\nexport default 1",
    'process.exit(0)',
    "process.send?.({ type: 'described', token: 'x', description: {} }); process.exit(7)",
    'process.disconnect()\nexport default 1',
    'Object.prototype.toJSON = () => 7\nexport default {}',
    'globalThis.JSON = null\nexport default 1',
    'Error.prepareStackTrace = () => { throw 1 }\nthrow new Error("x")',
    "setTimeout(() => { throw new Error('later') })\nexport default 1",
    "Promise.reject(new Error('stray'))\nexport default 1",
    `${defined}.phase(${value()}, ${value()}, ${value()})`,
    `${defined}.phase('work', { timeout: ${value()} }, () => 1)`,
    `${defined}.phase('work', { timeout: '1s' }, () => 1)`,
    defined,
  ])
}
