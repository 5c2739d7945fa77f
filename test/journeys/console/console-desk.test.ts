import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { LiveConsole } from '../../helpers/terminal/live-console.ts'
import { LiveProject, openConsole } from '../../helpers/terminal/live-console.ts'

/**
 * The work of an operator in the first hour, except starting jobs, in one console on one failed
 * job.
 */
t.test(
  'an operator handles a crash, reads settings, edits and exports rows, and adds a schedule',
  async t => {
    const project = new LiveProject('fails-at-a-button')
    await project.enqueue('fails-at-a-button')
    const console = openConsole(t, project, [120, 40])
    await console.see('✗ 1 failed')
    await crashes(t, project, console)
    await settings(project, console)
    await database(t, project, console)
    await schedules(t, project, console)
    console.look()
    await console.idle()
    console.press('q')
    await console.ended(t)
  },
)

async function crashes(t: Checks, project: LiveProject, console: LiveConsole): Promise<void> {
  await console.pressed(['5'], /Stack +Error: the button is not there/)
  await console.see(/Notified +bell, /)
  await console.pressed(['b'], /writing the bundle of crash 1, without secrets → saved in \S+crash_1\.zip/)
  t.ok(existsSync(join(project.paths.reports, 'crash_1.zip')))
  await console.pressed(['enter'], 'Esc goes back')
  console.press('escape')
  await console.see(rows => !rows.some(row => row.includes('Esc goes back')))
  await console.pressed(['J'], 'showing the place of the crash in')
  await console.see(/›✗ .*the button is not there/)
  await console.pressed(['5', 'r'], 'asked for job 1 to run again → done')
  await console.see(/▸ ×2/)
  await console.pressed(['enter'], /▾ ×2 [^]*#1[^]*#1/)
}

async function settings(project: LiveProject, console: LiveConsole): Promise<void> {
  await console.pressed(['8'], /workers +2 +file/)
  await console.see(/browserArgs +none +default/)
  await console.pressed(['enter'], 'Opzioni in vigore')
  await console.pressed(['enter', 'tab', 'enter'], 'sending a test message: bell → arrived')
  await console.pressed(['tab'], 'There are no proxies')
  await console.pressed(['tab', 'enter'], 'AUTOMATE_WORKERS')
  console.press('escape')
  await console.see(rows => !rows.some(row => row.includes('AUTOMATE_WORKERS')))

  // The console shows the settings in force, including the changes that the scheduler applies while
  // it runs.
  const file = join(project.root, 'automate.config.js')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, "export default { workers: 3, loadTimeout: '9s' }\n")
  await console.see(/workers +3 +file/)
  await console.see(/loadTimeout +! "8s" \(after a restart: "9s"\)/)
  writeFileSync(file, before)
  await console.see(/workers +2 +file/)
  await console.see(/loadTimeout +"8s"/)
}

type Checks = Pick<typeof t, 'comment' | 'match' | 'ok'>

async function database(t: Checks, project: LiveProject, console: LiveConsole): Promise<void> {
  const counters = () => project.withStore(store => store.call('tables.rows', { table: 'counters' }))

  t.comment('finds a table, and adds a row')
  await console.pressed(['6'], /› jobs +1/)
  await console.see(/id +1\b[^]*fails-at-a-button/)
  await console.pressed(['down', 'down', 'enter'], 'The table is empty.')
  await console.pressed(['n'], 'New row of counters')
  console.terminal.type('orders')
  console.press('down')
  console.terminal.type('many')
  await console.pressed(['enter'], 'This must be a whole number.')
  console.press('C-u')
  console.terminal.type('41')
  await console.pressed(['enter'], 'asked for a new row of counters → done')
  await console.see(/› orders +41/)
  t.match(await counters(), { rows: [['orders', 41]] })

  t.comment('the form reports a duplicate key, and stays open')
  await console.pressed(['n'], 'New row of counters')
  console.terminal.type('orders')
  console.press('down')
  console.terminal.type('1')
  await console.pressed(['enter'], /! counters already has a row /)
  console.press('escape')
  await console.see(rows => !rows.some(row => row.includes('New row of')))

  t.comment('the row is changed, and the screen follows')
  await console.pressed(['e'], 'Change name orders of counters')
  await console.pressed(['backspace', '2', 'enter'], 'asked to change a row of counters → done')
  await console.see(/› orders +42/)
  t.match(await counters(), { rows: [['orders', 42]] })

  t.comment('the rows are written to a file')
  await console.pressed(['C-s'], 'Write 1 row of counters to a file?')
  const saved = await console.pressed(['down', 'enter'], /saved 1 row in \S+\.csv/)
  const [, path = ''] = /saved 1 row in (\S+)/.exec(saved.join('\n')) ?? []
  t.match(readFileSync(join(project.root, path), 'utf8'), 'name,value\norders,42\n')

  t.comment('the row is deleted after a question that names it and defaults to no')
  await console.pressed(['d'], 'Delete name orders of counters?')
  await console.pressed(['enter'], 'no change')
  t.match(await counters(), { total: 1 })
  await console.pressed(['d', 'down', 'enter'], 'asked for a row of counters to be deleted → done')
  await console.see('The table is empty.')
  t.match(await counters(), { total: 0 })
}

async function schedules(t: Checks, project: LiveProject, console: LiveConsole): Promise<void> {
  const stored = () => project.withStore(store => store.call('schedules.list', {}))

  t.comment('a form makes a schedule, and shows an error at its field')
  await console.pressed(['7'], 'There are no schedules. Press n to make one.')
  await console.pressed(['n'], 'New schedule')
  console.terminal.type('nightly')
  console.press('down')
  console.press('down')
  console.terminal.type('61 3 * * *')
  await console.pressed(['enter'], 'This is no cron expression')
  console.press('C-u')
  console.terminal.type('30 3 * * *')
  await console.pressed(['enter'], 'asked for a new schedule → done')
  await console.see(/› ● nightly [^│]*30 3 \* \* \*/)
  t.match(await stored(), [
    { name: 'nightly', workflow: 'fails-at-a-button', source: 'operator', revision: 0 },
  ])

  t.comment('the schedule is changed, and deleted after a question')
  await console.pressed(['e'], 'Schedule nightly')
  console.press('down')
  console.press('C-u')
  console.press('down')
  console.terminal.type('15m')
  await console.pressed(['enter'], 'asked to change schedule nightly → done')
  await console.see(/› ● nightly [^│]*every 15m/)
  t.match(await stored(), [{ name: 'nightly', timing: { kind: 'every', ms: 900_000 }, catchUpMs: 3_600_000 }])
  await console.pressed(['d', 'down', 'enter'], 'deleted schedule nightly → done')
  await console.see('There are no schedules.')
  t.match(await stored(), { length: 0 })
}
