import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { describeWorkflows } from '../../lib/catalogue/describe-workflows.ts'
import { readConfigFile } from '../../lib/loader/client/read-config-file.ts'
import { PATIENT_MS, newFolder } from '../helpers/store/project.ts'

const PERMISSIONS = 0o777

/** Sets a variable until the test ends. The children of this process inherit it. */
function setVariable(t: Pick<Test, 'teardown'>, name: string, value: string): void {
  const before = process.env[name]
  process.env[name] = value
  t.teardown(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before
  })
}

/**
 * Loads a configuration and a workflow, both TypeScript, and returns the files that remain in the
 * temporary folder.
 */
async function leftByLoading(t: Pick<Test, 'teardown'>, cache: string): Promise<string[]> {
  const [folder, temporary] = [newFolder(), newFolder()]
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) setVariable(t, name, temporary)
  for (const name of ['XDG_CACHE_HOME', 'LOCALAPPDATA', 'HOME']) setVariable(t, name, cache)
  mkdirSync(join(folder, 'workflows'))
  writeFileSync(
    join(folder, 'automate.config.ts'),
    'enum Count { Few = 2 }\nexport default { workers: Count.Few }\n',
  )
  writeFileSync(
    join(folder, 'workflows', 'one.ts'),
    `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'one', input: z.null(), result: z.null() }).phase('a', { timeout: '5s' }, (): void => {})`,
  )
  const config = await readConfigFile(join(folder, 'automate.config.ts'), PATIENT_MS)
  const { workflows } = await describeWorkflows({
    folders: [join(folder, 'workflows')],
    timeoutMs: PATIENT_MS,
  })
  if (!('workers' in config) || config.workers !== 2 || workflows.length !== 1) throw new Error('not loaded')
  return readdirSync(temporary)
}

t.test(
  'compiled modules are in a private folder of the user, not in the shared temporary folder',
  async t => {
    const cache = newFolder()
    t.strictSame(await leftByLoading(t, cache), [])
    if (process.platform !== 'linux') return
    const compiled = join(cache, 'automate-tui', 'typescript')
    t.equal(statSync(compiled).mode & PERMISSIONS, 0o700)

    chmodSync(compiled, PERMISSIONS)
    writeFileSync(join(compiled, 'planted'), '')
    t.strictSame(await leftByLoading(t, cache), [])
    t.notOk(existsSync(join(compiled, 'planted')), 'a folder that others could write is emptied')
    t.equal(statSync(compiled).mode & PERMISSIONS, 0o700)
  },
)

t.test('modules load without a folder for compiled modules', async t => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  t.strictSame(await leftByLoading(t, file), [])
})
