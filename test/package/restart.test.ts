import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import { Automate, automate } from '../helpers/program/automate.ts'
import { ROOT } from '../helpers/program/installed-package.ts'
import { Installation } from '../helpers/program/two-versions.ts'
import { openTestStore } from '../helpers/store/project.ts'
import { messageServer } from '../helpers/sites/message-server.ts'
import { LiveConsole } from '../helpers/terminal/live-console.ts'
import { until } from '../helpers/until.ts'

// A package in the `node_modules` of its project is replaced while the scheduler runs.

const skip = process.platform === 'win32' && 'on Windows files have no modes'
const WITHOUT_TRUST = { AUTOMATE_TRUST: undefined }

/** Returns a program that records how it was started. During `check-start` it runs `meanwhile`. */
const programOf = (ran: string, meanwhile: string) => `import { appendFileSync, chmodSync } from 'node:fs'
const [, , command] = process.argv
appendFileSync(${JSON.stringify(ran)}, command + '\\n')
if (command === 'check-start') { ${meanwhile} }
`

/** Creates a project with this program in its `node_modules`. */
function installedProject(t: Test, settings = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'automate-tui-trust-')))
  t.teardown(() => rmSync(root, { recursive: true, force: true, maxRetries: 10 }))
  mkdirSync(join(root, 'workflows'))
  const config = { workers: 1, warmWorkers: 0, ...settings }
  writeFileSync(join(root, 'automate.config.js'), `export default ${JSON.stringify(config)}`)
  const installed = new Installation(root)
  installed.write(ROOT)
  const { program } = installed
  const ran = join(root, 'ran')
  return {
    root,
    program,
    packages: join(root, 'node_modules'),
    /** Replaces the program with another version. */
    replace: (meanwhile = '') => {
      installed.remove()
      mkdirSync(dirname(program), { recursive: true })
      writeFileSync(join(program, '../../../package.json'), '{"type":"module"}')
      writeFileSync(program, programOf(ran, meanwhile))
      const manifest = { version: '9.0.0', build: 'other', files: {} }
      writeFileSync(join(program, '../../build.json'), JSON.stringify(manifest))
    },
    ran: () => (existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : []),
  }
}

t.test(
  'a version that another user can change is executed only after nobody else can change it',
  { skip },
  async t => {
    const hook = await messageServer(t)
    hook.otherwise = { status: 200 }
    const { root, program, packages, replace, ran } = installedProject(t, {
      notify: { webhook: { url: hook.url } },
    })
    const scheduler = new Automate(t, ['--no-tui', '--json'], { cwd: root, program, env: WITHOUT_TRUST })
    const phase = (name: string) =>
      scheduler.event(`the phase ${name}`, line => line.event === 'scheduler' && line['phase'] === name)
    const sent = () => hook.requests.map(({ body }) => body).join('\n')
    await phase('scheduling')

    chmodSync(packages, 0o777)
    replace()
    chmodSync(program, 0o666)
    await phase('untrusted')
    await scheduler.says(`Other users can write ${packages} (mode 0777)`)
    await until('the notice', () => sent().includes('project-untrusted'))
    t.strictSame(ran(), [], 'no code of it has run')

    chmodSync(packages, 0o755)
    await scheduler.says(
      `because another user can change the project. Other users can write ${program} (mode 0666)`,
    )
    t.strictSame(ran(), [], 'the package itself is checked as well as its folder')

    chmodSync(program, 0o644)
    await until('the restart', () => ran().length > 1)
    t.strictSame(ran(), ['check-start', '--no-tui'])
    t.equal((await scheduler.ended).code, 0)
    t.match(sent(), 'project-trusted')
  },
)

t.test('does not execute a version that other users can change after its check', { skip }, async t => {
  const { root, program, packages, replace, ran } = installedProject(t)
  const scheduler = new Automate(t, ['--no-tui', '--json'], { cwd: root, program, env: WITHOUT_TRUST })
  await scheduler.event('scheduling', line => line['phase'] === 'scheduling')
  replace(`chmodSync(${JSON.stringify(packages)}, 0o777)`)
  await scheduler.says(`Other users can write ${packages} (mode 0777)`)
  t.strictSame(ran(), ['check-start'])
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, 0)
  t.strictSame(ran(), ['check-start'])
})

t.test('a console executes no version that another user can change', { skip }, async t => {
  const { root, program, packages, replace, ran } = installedProject(t)
  const console = new LiveConsole(t, ['--root', root], [100, 30], WITHOUT_TRUST, program)
  await console.see('scheduling')
  chmodSync(packages, 0o777)
  replace()
  await console.see('automate-tui 9.0.0 was installed. Restart into it?')
  console.press('down', 'enter')
  await console.see('not trusted')
  t.strictSame(ran(), [])
  chmodSync(packages, 0o755)
  await until('the restart', () => ran().length > 1)
  t.strictSame(ran(), ['check-start', '--root'])
})

const WATCH = `import { writeFileSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({
  name: 'watch',
  continuous: true,
  input: z.object({}),
  result: z.null(),
}).phase('wait', { timeout: '24h' }, async ({ signal }) => {
  writeFileSync(new URL('../begun', import.meta.url), '')
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  return null
})
`

t.test('the endless job of a continuous workflow does not delay a restart', async t => {
  const { root, program, replace, ran } = installedProject(t)
  writeFileSync(join(root, 'workflows', 'watch.js'), WATCH)
  const scheduler = new Automate(t, ['--no-tui', '--json'], { cwd: root, program })
  await scheduler.event('scheduling', line => line['phase'] === 'scheduling')
  const job = (state: string) =>
    scheduler.event(`job 1 ${state}`, line => line.event === 'job' && line['state'] === state)
  const started = await automate(t, ['services', 'start', 'workflow-watch'], { cwd: root, program })
  t.equal(started.code, 0, started.stderr)
  await until('its phase', () => existsSync(join(root, 'begun')))
  replace()
  await job('cancelled')
  await until('the restart', () => ran().length > 1)
  t.equal((await scheduler.ended).code, 0)
  const store = await openTestStore(t, new ProjectPaths(root), 'transient')
  t.match(await store.call('jobs.read', { id: 1 }), { state: 'cancelled', failures: 0 })
  const services = await store.call('services.list', {})
  t.match(services.at(-1), { name: 'workflow-watch', desired: 'running' }, 'the next version starts the job')
})
