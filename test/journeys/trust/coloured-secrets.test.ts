import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { TerminalDriver } from '../../helpers/terminal/terminal.ts'

const SECRET = 'QuietJzWordXYZ'

/** With colours an assertion prints both texts mixed with one another. */
const COMPARES = `import { strictEqual } from 'node:assert'
export const compare = () => strictEqual(process.env.SHOP_PASSWORD, 'Quiet-wrong')
`

const WORKFLOW = `import { HardFailError, defineWorkflow, z } from 'automate-tui'
import { inspect } from 'node:util'
import { compare } from '../compares.js'
const secret = process.env.SHOP_PASSWORD
const painted = Array.from(secret, (sign, place) => '\\u001b[3' + (place % 8) + 'm' + sign + '\\u001b[39m').join('')
export default defineWorkflow({
  name: 'compares',
  input: z.object({}),
  result: z.object({}),
  retries: 0,
}).phase('compare', { timeout: '20s' }, ({ log, step }) => {
  for (const text of [painted, inspect({ painted }), JSON.stringify({ painted })]) {
    log('log ' + text)
    step('step ' + text)
    process.stdout.write('stdout ' + text + '\\n')
    process.stderr.write('stderr ' + text + '\\n')
  }
  try {
    compare()
  } catch (cause) {
    throw new HardFailError('refused ' + painted, { facts: { painted, [painted]: { deep: [painted] } }, cause })
  }
})
`

const TEST = `import { test } from 'node:test'
import { compare } from './compares.js'
const secret = process.env.SHOP_PASSWORD
console.log(Array.from(secret, sign => '\\u001b[33m' + sign + '\\u001b[39m').join(''))
test('compares', compare)
test('passes', () => {})
`

const files = {
  '.env': `SHOP_PASSWORD='${SECRET}'\n`,
  'compares.js': COMPARES,
  'workflows/compares.js': WORKFLOW,
  'compares.test.js': TEST,
}

/** Environments that give colours to a process. */
const COLOURS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FORCE_COLOR: { FORCE_COLOR: '1' },
  'a preload': { NODE_OPTIONS: `--import=data:text/javascript,process.env.FORCE_COLOR=3` },
}

/** Returns the places of parts of the secret, whole or mixed with characters of the other text. */
const partsIn = (texts: readonly (readonly [string, string])[]): string[] =>
  texts.flatMap(([name, text]) => {
    const read = text.replaceAll(/(?:\u001b|\\+u001b|\\+x1b)\[[\d;]*m|\u241b/gi, '')
    const part = /.{0,60}(?:JzW|XYZ).{0,20}/.exec(read)
    return part === null ? [] : [`${name}: ${part[0]}`]
  })

const filesOf = (root: string): [string, string][] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, string][] => {
    const isSearched = /^(?:data|logs)\b/.test(name) && statSync(join(root, name)).isFile()
    return isSearched ? [[name, readFileSync(join(root, name), 'latin1')]] : []
  })

for (const [way, env] of Object.entries(COLOURS)) {
  t.test(`no file of a job contains a coloured secret, with ${way}`, async t => {
    const project = new JourneyProject(t, newFolder(), { workflows: [], files })
    const ran = await project.run(['run', 'compares'], { env })
    t.equal(ran.code, 1)
    const alone = await project.run(['worker', 'compares'], { env })
    t.equal(alone.code, 1)
    const crashes = await project.run(['crashes', '1'])
    t.match(crashes.stdout, '***', 'the report contains the failure')
    t.match(alone.stderr, `stdout \u001b[`, 'colours of a workflow are shown')
    const printed = [ran, alone, crashes].flatMap(({ stdout, stderr }, index) => [
      [`stdout ${index}`, stdout] as const,
      [`stderr ${index}`, stderr] as const,
    ])
    t.strictSame(partsIn([...printed, ...filesOf(project.root)]), [])
  })

  t.test(`the output of tests contains no coloured secret, with ${way}`, async t => {
    const project = new JourneyProject(t, newFolder(), { workflows: [], files })
    const { code, stdout, stderr } = await project.run(['test'], { env })
    t.equal(code, 1, stderr)
    t.strictSame(
      partsIn([
        [`stdout`, stdout],
        ['stderr', stderr],
      ]),
      [],
    )
    t.match(stdout, 'Expected values to be strictly equal')
  })
}

t.test('tests print a coloured report on a terminal, without secrets', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: [], files })
  const terminal = new TerminalDriver(process.execPath, [PROGRAM, 'test'], {
    ...{ cols: 120, rows: 40, cwd: project.root },
    env: { NO_COLOR: undefined, FORCE_COLOR: undefined },
  })
  t.match(await terminal.exited, { exitCode: 1 })
  t.match(terminal.output(), /\u001b\[32m✔ passes/)
  t.strictSame(partsIn([['terminal', terminal.output()]]), [])
})
