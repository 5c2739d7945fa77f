import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** Secrets as people paste them, with spaces and line ends. */
const GIVEN = {
  trimmed: '  canary-trimmed ',
  raised: 'canary-raised',
  turned: 'canary-turned',
  password: '  canary-by-name ',
  words: '[{ "word": "canary-nested " }]',
}

/**
 * Values as a workflow receives them. Values that no schema changes are also recognised without
 * spaces.
 */
const CHANGED = [
  ...['canary-trimmed', 'CANARY-RAISED', 'denrut-yranac', 'canary-by-name', 'CANARY-NESTED'],
  ...['canary-of-env', 'canary-pin'],
]

const WORKFLOW = `import { HardFailError, defineWorkflow, z } from 'automate-tui'
const word = () => z.string().meta({ format: 'password' })
export default defineWorkflow({
  name: 'changes',
  input: z.object({
    trimmed: z.string().trim().meta({ format: 'password' }),
    raised: z.string().toUpperCase().meta({ format: 'password' }),
    turned: word().transform(text => [...text].reverse().join('')),
    password: z.string().trim(),
    words: z.array(z.object({ word: z.string().trim().toUpperCase().meta({ format: 'password' }) })),
    until: z.string().default('2026-03-23').transform(text => new Date(text)),
  }),
  result: z.object({}),
  retries: 0,
}).phase('change', { timeout: '20s' }, async ({ page, log, step, input }) => {
  const variables = [process.env.SHOP_PASSWORD, process.env.SHOP_PIN].map(text => text.trim())
  const text = JSON.stringify([input, variables])
  log('log ' + text)
  step('step ' + text)
  console.log('stdout ' + text)
  const said = new Promise(resolve => page.once('console', resolve))
  await page.evaluate(text => console.log(text), 'page ' + text)
  await said
  throw new HardFailError('error ' + text, { facts: { input: JSON.parse(text) } })
})
`

const project = new JourneyProject(t, newFolder(), {
  workflows: [],
  settings: { secrets: ['SHOP_PIN'] },
  files: {
    '.env': `SHOP_PASSWORD='canary-of-env '\nSHOP_PIN="canary-pin\\n"\n`,
    'workflows/changes.js': WORKFLOW,
  },
})

/**
 * Returns the places of the secrets in printed text and in the files of data and logs. The database
 * is excluded, because it holds the input.
 */
function placesIn(printed: readonly string[]): string[] {
  const files = readdirSync(project.root, { recursive: true, encoding: 'utf8' }).filter(
    name =>
      /^(?:data|logs)\b/.test(name) &&
      !name.includes('automate.db') &&
      statSync(join(project.root, name)).isFile(),
  )
  const texts = [
    ...printed.map((text, index) => [`printed ${index}`, text] as const),
    ...files.map(name => [name, readFileSync(join(project.root, name), 'latin1')] as const),
  ]
  return texts.flatMap(([name, text]) =>
    CHANGED.filter(secret => text.includes(secret)).map(secret => `${name}: ${secret}`),
  )
}

for (const command of ['run', 'worker'])
  t.test(`${command} prints no secret trimmed or changed by a schema`, async t => {
    const input = Object.entries(GIVEN).flatMap(([name, value]) => ['--input', `${name}=${value}`])
    const { code, stdout, stderr } = await project.run([command, 'changes', ...input])
    t.equal(code, 1)
    t.match(stdout + stderr, 'error [{"trimmed":"***"')
    const { stdout: crashes } = await project.run(['crashes', '1', '--json'])
    t.match(crashes, '***')
    t.strictSame(placesIn([stdout, stderr, crashes]), [])
  })
