import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startDemo } from '../../helpers/program/demo.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['fails', 'succeeds-late']

const TREE = fileURLToPath(new URL('../../..', import.meta.url))
const WITHOUT = ['blessed', 'blessed-contrib']

/** Copies the program out of this tree, without the packages of node_modules that draw screens. */
function copyWithoutScreens(): string {
  const copy = mkdtempSync(join(tmpdir(), 'without-screens-'))
  for (const part of ['bin', 'lib', 'screens', 'migrations', 'package.json'])
    cpSync(join(TREE, part), join(copy, part), { recursive: true })
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(TREE, 'node_modules'))) {
    if (name.startsWith('.') || WITHOUT.includes(name)) continue
    symlinkSync(join(TREE, 'node_modules', name), join(copy, 'node_modules', name), 'junction')
  }
  return copy
}

t.test(
  'the plain demo runs once and exits without the packages of the screens and without a terminal',
  async t => {
    const copy = copyWithoutScreens()
    t.teardown(() => rmSync(copy, { recursive: true }))
    const program = join(copy, 'bin', 'automate-tui.ts')
    for (const name of WITHOUT) {
      const { status } = spawnSync(process.execPath, ['-e', `require.resolve('${name}')`], {
        cwd: dirname(program),
      })
      t.not(status, 0, `${name} cannot be resolved in the package`)
    }
    const { demo, leftovers } = startDemo(t, [], { program, cwd: copy })
    const { code, stdout, stderr } = await demo.ended
    t.equal(code, 0)
    t.match(stderr, /There is no terminal here/)
    t.match(stdout, /\d\d:\d\d:\d\d {2}job 2 +6\/6 confirm — done/)
    t.match(stdout, /job 1 · \d\/3/)
    t.match(stdout, /job 1 +result: \{"shop":/)
    t.same(leftovers(), [])
  },
)

t.test('--until-idle with a paused scheduler reports the pause, and does not wait forever', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  await project.enqueue('succeeds-late', { at: 1 })
  const first = await project.schedule()
  t.match(await project.run(['services', 'stop', 'scheduler']), { code: 0 })
  await first.event('the stop', line => line['name'] === 'scheduler' && line['state'] === 'stopped')
  await first.kill()
  const { code, stderr } = await project.run(['--no-tui', '--until-idle'])
  t.equal(code, 4)
  t.match(stderr, 'Resume it with: automate-tui services start scheduler')
  t.match(await project.run(['services', 'start', 'scheduler']), { code: 0 })
  t.match(await project.run(['--no-tui', '--until-idle']), { code: 0 })
})

t.test('every line of the plain mode, also of a warning, begins with its time and its subject', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  await project.enqueue('fails', { how: 'throws', url: 'about:blank' })
  await project.enqueue('succeeds-late', { at: 1 })
  const { code, stdout, stderr } = await project.run(['--no-tui', '--until-idle'])
  t.equal(code, 1)
  t.match(stdout, /^[\d:]{8} {2}job 2 +result: /m)
  t.match(stderr, /^[\d:]{8} {2}job 1 +(?:warn|error): .*no such button/m)
  for (const line of [...stdout.trim().split('\n'), ...stderr.trim().split('\n')])
    t.match(line, /^\d\d:\d\d:\d\d {2}(?:scheduler|service|job \d|notice|workflow) /)
})

t.test(
  "reports each stop and start of the scheduler by a person in one line, in the console's words",
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    for (const [language, paused, scheduling] of [
      ['en', 'scheduler      paused: queued jobs wait. Resume it with: ', 'scheduler      scheduling, '],
      [
        'it',
        'scheduler      in pausa: i lavori in coda aspettano. Fallo riprendere con: ',
        'scheduler      attivo, ',
      ],
    ] as const) {
      const scheduler = project.start(['--no-tui', '--language', language])
      const times = (text: string) => scheduler.stdout.split(text).length - 1
      // The line can arrive in two pieces.
      await until('the start', () => times(scheduling) === 1 && scheduler.stdout.endsWith('\n'))
      const before = scheduler.stdout
      t.match(await project.run(['services', 'stop', 'scheduler']), { code: 0 })
      await until('the pause', () => times(paused) === 1)
      // The log is complete as soon as another service has logged a line.
      t.match(await project.run(['services', 'stop', 'janitor']), { code: 0 })
      await until('the janitor', () => / janitor (?:stopped|fermo)$/m.test(scheduler.stdout))
      const lines = scheduler.stdout.slice(before.length).trim().split('\n')
      const [line = '', ...more] = lines.filter(one => !one.includes(' janitor '))
      t.same(more, [])
      t.ok(line.endsWith(`${paused}automate-tui services start scheduler`))
      t.match(await project.run(['services', 'start', 'scheduler']), { code: 0 })
      t.match(await project.run(['services', 'start', 'janitor']), { code: 0 })
      await until('the start again', () => times(scheduling) === 2)
      t.equal(times(paused), 1, 'the scheduler is not paused while it starts')
      t.notMatch(scheduler.stdout, / (?:service|servizio) +scheduler /)
      await scheduler.kill()
    }
  },
)
