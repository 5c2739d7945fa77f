import { join } from 'node:path'
import t from 'tap'
import { EXIT, exitCodeOf } from '../../../bin/exit-code.ts'
import { readConfigFile } from '../../../lib/loader/client/read-config-file.ts'
import { PATIENT_MS } from '../../helpers/store/project.ts'

const FILES = {
  'good.ts': 'const workers: number = 3\nexport default { workers, browserArgs: ["--a"] }\n',
  'throws.ts': 'throw new Error("no \\u001b[31m luck")\n',
  'exits.ts': 'process.exit(3)\n',
  'text.ts': 'export default "workers: 4"\n',
  'function.ts': 'export default { workers: () => 4 }\n',
  'nothing.ts': 'export const workers = 4\n',
  'syntax.ts': 'export default {\n',
  'never.ts': 'await new Promise(() => {})\nexport default {}\n',
}

t.test('a configuration file is TypeScript that exports its settings', async t => {
  const folder = t.testdir(FILES)
  t.strictSame(await readConfigFile(join(folder, 'good.ts'), PATIENT_MS), {
    workers: 3,
    browserArgs: ['--a'],
  })
})

t.test('blames the system, not the file, if no process can start', async t => {
  const file = join(t.testdir(FILES), 'good.ts')
  const { execPath } = process
  t.teardown(() => (process.execPath = execPath))
  process.execPath = join(t.testdirName, 'moved-away')
  const error: unknown = await readConfigFile(file, PATIENT_MS).catch((error: unknown) => error)
  t.match(error, {
    code: 'environment-unfit',
    message:
      /^The process that reads good\.ts did not start: spawn .*ENOENT\. Node\.js .*install it again\.$/,
  })
  t.equal(exitCodeOf(error), EXIT.environmentUnfit)
})

for (const [name, why] of [
  ['throws.ts', /no ␛ luck/],
  ['exits.ts', /ended the process that loads it \(exit code 3\)/],
  ['text.ts', /not an object/],
  ['function.ts', /not an object of settings/],
  ['nothing.ts', /cannot be used/],
  ['syntax.ts', /cannot be used/],
  ['missing.ts', /cannot be used/],
] as const) {
  t.test(`refuses ${name} with its name, the reason and the remedy`, async t => {
    const file = join(t.testdir(FILES), name)
    const error: unknown = await readConfigFile(file, PATIENT_MS).catch((error: unknown) => error)
    t.match(error, { code: 'config-invalid', facts: { file } })
    t.match(error, { message: why })
    t.match(error, { message: /export default defineConfig/ })
  })
}

for (const name of ['blocks.ts', 'never.ts']) {
  t.test(`refuses ${name} at its timeout, and does not block this process`, async t => {
    const file = join(t.testdir({ ...FILES, 'blocks.ts': 'for (;;);\n' }), name)
    await t.rejects(readConfigFile(file, 2_000), {
      code: 'config-invalid',
      message: /did not load within 2000 ms/,
    })
  })
}

// Windows does not report the signal of a killed process.
t.test(
  'restarts a killed child once, and does not blame the file',
  { skip: process.platform === 'win32' },
  async t => {
    const folder = t.testdir({
      'once.ts': `import { existsSync, writeFileSync } from 'node:fs'
const marker = new URL('killed', import.meta.url)
if (!existsSync(marker)) {
  writeFileSync(marker, '')
  process.kill(process.pid, 'SIGKILL')
}
export default { workers: 3 }
`,
      'twice.ts': "process.kill(process.pid, 'SIGKILL')\n",
    })
    t.strictSame(await readConfigFile(join(folder, 'once.ts'), PATIENT_MS), { workers: 3 })
    const error: unknown = await readConfigFile(join(folder, 'twice.ts'), PATIENT_MS).catch(
      (thrown: unknown) => thrown,
    )
    t.match(error, { code: 'environment-unfit', message: /twice\.ts was killed by SIGKILL, twice/ })
    t.equal(exitCodeOf(error), EXIT.environmentUnfit)
  },
)
