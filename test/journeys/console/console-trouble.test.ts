import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { LiveProject, POSIX, Processes, openConsole } from '../../helpers/terminal/live-console.ts'

t.test('a workflow module that never returns does not block keys, and is named', async t => {
  const project = new LiveProject('waits-for-a-file', 'spins-at-its-top')
  await project.enqueueGated(1)
  project.openGate(1)
  const console = openConsole(t, project, [120, 40])
  await console.see('◐ starting')
  await console.pressed(['l'], 'lingua: Italiano')
  await console.pressed(['?'], 'Tasti attivi qui')
  await console.pressed(['?', 'l'], 'language: English')
  await console.see('! 1 workflow cannot be read')
  await console.pressed(['4'], 'workflows/spins-at-its-top.ts ended or blocked')
  await project.untilJob(1, 'succeeded')
  await console.idle()
  console.look().press('q')
  await console.ended(t)
})

t.test('shows a missing browser on the screen, with the remedy', async t => {
  const project = new LiveProject('waits-for-a-file')
  const env = { AUTOMATE_BROWSER: '/no/such/browser' }
  const console = openConsole(t, project, [80, 24], { env })
  await console.see('✗ The scheduler could not start.')
  await console.see('AUTOMATE_BROWSER is "/no/such/browser"')
  await console.see('Press s to try again, or q to quit.')
  await console.see('✗ not scheduling')
  await console.pressed(['l'], 'Lo scheduler non è riuscito a partire.')
  await console.pressed(['l'], 'language: English')
  await console.pressed(['s'], 'asked for the scheduler to start again → done')
  await console.see('✗ The scheduler could not start.')

  t.comment('the smallest screen shows it too')
  console.terminal.resize(40, 10)
  await console.see(screen => screen.length === 10 && screen.join('\n').includes('could not start'))
  console.look().press('q')
  await console.ended(t)
})

t.test('a console that cannot open its log exits with the reason, and restores the terminal', async t => {
  const project = new LiveProject('waits-for-a-file')
  writeFileSync(join(project.root, 'logs'), 'a file in the place of the folder')
  const console = openConsole(t, project, [120, 24])
  await console.see('A file is in the place of a folder: move the file away')
  await console.ended(t, 4)
})

t.test('a read-only console starts no scheduler, and shows that none runs', async t => {
  const project = new LiveProject('waits-for-a-file')
  const job = await project.enqueueGated(1)
  const console = openConsole(t, project, [80, 24], { args: ['--read-only'] })
  await console.see('No scheduler runs in')
  await console.ended(t, 4)
  t.match(await project.job(job), { state: 'queued', attempt: 0 })
})

t.test('keys during the start of the scheduler are neither lost nor harmful', async t => {
  const project = new LiveProject('waits-for-a-file')
  await project.enqueueGated(1)
  const console = openConsole(t, project, [80, 24])
  await console.see('? Help')
  console.press('?', '?', '2', '4', '1', 'enter', 'x', 'S-tab', 'r', 's', 'tab', 'l', 'l')
  await console.see('language: English')
  await console.see(/● working +#1 .*2\/2 wait/)
  t.match(await project.job(1), { state: 'running', attempt: 1 })
  console.look()
  await console.pressed(['q'], '› Stay')
  await console.pressed(['up', 'enter'], /code 0|Stopping/)
  await console.ended(t)
})

t.test('quitting during the start of the scheduler leaves nothing behind', async t => {
  const project = new LiveProject('waits-for-a-file')
  const console = openConsole(t, project, [80, 24])
  await console.see('? Help')
  console.look().press('q')
  await console.ended(t)
})

t.test('a closed terminal window ends every process in it', { skip: !POSIX }, async t => {
  const project = new LiveProject('waits-for-a-file')
  await project.enqueueGated(1)
  const entry = fileURLToPath(new URL('../../fixtures/console/terminal-window.entry.ts', import.meta.url))
  const window = spawn(process.execPath, [entry, PROGRAM, '--root', project.root], {
    env: { ...process.env, AUTOMATE_LANGUAGE: 'en' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const processes = new Processes()
  t.teardown(() => processes.end())
  window.stdout.resume()
  await project.untilAtGate()
  processes.see(window.pid ?? 0)
  t.ok(processes.count >= 4, 'the window, the console, a worker and its browser run')
  window.kill('SIGKILL')
  await once(window, 'exit')
  await processes.untilGone()
  t.match(await project.job(1), { state: 'interrupted', attempt: 1, failures: 0 })
})
