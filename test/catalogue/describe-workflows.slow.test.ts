import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findWorkflow } from '../../lib/app/use-cases/job-input.ts'
import { openProject } from '../../lib/app/project/project.ts'
import { describeWorkflows } from '../../lib/catalogue/describe-workflows.ts'
import type { Catalogue } from '../../lib/catalogue/describe-workflows.ts'
import { workflowFiles } from '../../lib/catalogue/workflow-files.ts'

/** Timeout for valid modules, which respond as soon as the machine allows. */
const PATIENCE_MS = 60_000

/**
 * Code that blocks its thread forever without using the processor, which the valid modules need.
 */
const BLOCKS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'

const good = (name: string, more = '') => `
import { defineWorkflow, z } from 'automate-tui'
import { limit } from './shared/limit'
enum Unit { Cent = 1 }
${more}
await Promise.resolve()
export default defineWorkflow({ name: '${name}', summary: 'One.', input: z.object({ n: z.int() }), result: z.null() })
  .phase('open', { timeout: limit }, ({ input }): number => input.n * Unit.Cent)
`

t.test('describes TypeScript modules of a project without node_modules, from any folder', async t => {
  const root = t.testdir({
    workflows: {
      shared: { 'limit.ts': "export const limit: '2s' = '2s'" },
      'first.ts': good('first'),
      'second.mjs':
        "import { defineWorkflow, z } from 'automate-tui'; export default defineWorkflow({ name: 'second', input: z.null(), result: z.null() }).phase('a', { timeout: 5 }, () => undefined)",
    },
    // Without a "type", Node treats a .js file as CommonJS until it finds ESM syntax.
    more: {
      'package.json': '{}',
      'third.js':
        "import { defineWorkflow, z } from 'automate-tui'; export default defineWorkflow({ name: 'third', input: z.null(), result: z.null() }).phase('a', { timeout: 5 }, () => undefined)",
    },
  })
  const folders = ['workflows', 'more', 'absent'].map(folder => join(root, folder))
  const { workflows, broken } = await describeWorkflows({ folders, timeoutMs: PATIENCE_MS })
  t.same(broken, [])
  t.same(
    workflows.map(workflow => workflow.name),
    ['first', 'second', 'third'],
  )
  t.match(workflows[0], {
    file: join(root, 'workflows', 'first.ts'),
    summary: 'One.',
    phases: [{ name: 'open', timeoutMs: 2_000 }],
    inputSchema: { properties: { n: { type: 'integer' } } },
  })
})

t.test('a bad module does not affect other modules', async t => {
  const root = t.testdir({
    shared: { 'limit.ts': "export const limit = '2s'" },
    'a-good.ts': good(
      'a-good',
      "console.log('x'.repeat(5_000_000)); setInterval(() => console.log('noise'), 1)",
    ),
    'b-throws.ts': "throw new Error('thrown \\u001b[31mat the top')",
    'c-no-workflow.ts': 'export default { name: "nonsense" }',
    'd-no-phases.ts':
      "import { defineWorkflow, z } from 'automate-tui'; export default defineWorkflow({ name: 'd', input: z.null(), result: z.null() })",
    'e-syntax.ts': 'export default {{',
    'f-missing-import.ts': "import './nowhere.ts'",
    'g-exits.ts': 'process.exit(0)',
    'h-lies.ts': "process.send?.({ type: 'ready' }); process.send?.('nonsense'); process.disconnect()",
    'z-good.ts': good('z-good'),
  })
  const { workflows, broken } = await describeWorkflows({ folders: [root], timeoutMs: PATIENCE_MS })
  t.same(
    workflows.map(workflow => workflow.name),
    ['a-good', 'z-good'],
  )
  const told = Object.fromEntries(broken.map(({ file, error }) => [file.slice(root.length + 1), error]))
  t.match(told, {
    'b-throws.ts': { code: 'workflow-invalid', message: 'thrown at the top', cause: { name: 'Error' } },
    'c-no-workflow.ts': { code: 'workflow-invalid', message: /does not export a workflow/ },
    'd-no-phases.ts': { code: 'workflow-invalid', message: /has no phases/ },
    'e-syntax.ts': { code: 'workflow-invalid', message: /cannot be loaded/ },
    'f-missing-import.ts': { code: 'workflow-invalid', message: /nowhere/ },
    'g-exits.ts': { code: 'workflow-invalid', message: /exit code 0/ },
    'h-lies.ts': { code: 'workflow-invalid', message: /ended or blocked/ },
  })
  t.equal(broken.length, 7)
})

t.test(
  'gives up a blocking module at the limit, and does not blame a module after a late blocker',
  async t => {
    const root = t.testdir({
      shared: { 'limit.ts': "export const limit = '2s'" },
      'a-blocks-later.ts': good('a-blocks-later', `setImmediate(() => setTimeout(() => ${BLOCKS}, 1))`),
      'b-good.ts': good('b-good'),
      'c-blocks.ts': BLOCKS,
    })
    // Long enough for the valid modules on a loaded machine. Each bad module takes this time once.
    const { workflows, broken } = await describeWorkflows({ folders: [root], timeoutMs: 6_000 })
    t.same(
      workflows.map(workflow => workflow.name),
      ['a-blocks-later', 'b-good'],
    )
    t.match(broken, [{ file: join(root, 'c-blocks.ts'), error: { message: /no response within 6000 ms/ } }])
  },
)

// Windows does not report the signal of a killed process.
t.test(
  'restarts a killed child, and does not blame the module that it was reading',
  { skip: process.platform === 'win32' },
  async t => {
    const killed = (marker: string) => `
import { existsSync, writeFileSync } from 'node:fs'
const marker = new URL('${marker}', import.meta.url)
if (!existsSync(marker)) {
  writeFileSync(marker, '')
  process.kill(process.pid, 'SIGKILL')
}`
    const root = t.testdir({
      'automate.config.ts': 'export default {}',
      workflows: {
        shared: { 'limit.ts': "export const limit = '2s'" },
        'a-once.ts': good('a-once', killed('once')),
        'b-always.ts': good('b-always', "process.kill(process.pid, 'SIGKILL')"),
        'c-good.ts': good('c-good'),
      },
    })
    const { workflows, broken } = await describeWorkflows({
      folders: [join(root, 'workflows')],
      timeoutMs: PATIENCE_MS,
    })
    t.same(
      workflows.map(({ name }) => name),
      ['a-once', 'c-good'],
    )
    t.match(broken, [
      { error: { code: 'environment-unfit', message: /b-always\.ts was killed by SIGKILL, twice/ } },
    ])
    const project = await openProject({ root })
    await t.rejects(
      findWorkflow(project, 'b-always'),
      { code: 'environment-unfit', message: /killed by SIGKILL/ },
      'a workflow whose module was killed is not reported as missing',
    )
  },
)

t.test('a request for one workflow does not wait for a blocking module', async t => {
  const root = t.testdir({
    shared: { 'limit.ts': "export const limit = '2s'" },
    'a-blocks.ts': 'for (;;);',
    'b-good.ts': good('b-good'),
    'c-good.ts': good('wanted'),
  })
  // The module that blocks would take this whole time.
  const options = { folders: [root], timeoutMs: 10 * PATIENCE_MS }
  const named = await describeWorkflows({ ...options, wanted: 'b-good' })
  t.match(named, { workflows: [{ name: 'b-good' }], broken: [] })
  t.equal(named.workflows.length, 1)
  const { workflows } = await describeWorkflows({ ...options, wanted: 'wanted' })
  t.same(
    workflows.map(({ name }) => name),
    ['b-good', 'wanted'],
  )
})

t.test('reports loaded modules before it gives up a blocking one', async t => {
  const root = t.testdir({
    shared: { 'limit.ts': "export const limit = '2s'" },
    'a-blocks.ts': BLOCKS,
    'b-good.ts': good('b-good'),
  })
  const told: Catalogue[] = []
  const onKnown = (known: Catalogue) => void told.push(known)
  const whole = await describeWorkflows({ folders: [root], timeoutMs: 8_000, onKnown })
  t.match(told, [{ workflows: [{ name: 'b-good' }], broken: [] }])
  t.match(whole, { workflows: [{ name: 'b-good' }], broken: [{ file: join(root, 'a-blocks.ts') }] })
})

t.test('rejects the second workflow with a name, and reports which file has the name', async t => {
  const root = t.testdir({
    shared: { 'limit.ts': "export const limit = '2s'" },
    'a.ts': good('same'),
    'b.ts': good('same'),
  })
  const { workflows, broken } = await describeWorkflows({ folders: [root], timeoutMs: PATIENCE_MS })
  t.match(workflows, [{ file: join(root, 'a.ts') }])
  t.match(broken, [{ file: join(root, 'b.ts'), error: { message: /"same" is already used by .*a\.ts/ } }])
})

t.test('helpers, tests, declarations and folders are no workflows', async t => {
  const root = t.testdir({
    'b.ts': '',
    'a.mjs': '',
    '_shared.ts': '',
    '.hidden.ts': '',
    'b.test.ts': '',
    'types.d.ts': '',
    'notes.md': '',
    'folder.ts': {},
  })
  t.same(workflowFiles(root), [join(root, 'a.mjs'), join(root, 'b.ts')])
  t.notOk(existsSync(join(root, 'absent')))
  t.same(workflowFiles(join(root, 'absent')), [])
})
