import { readFileSync } from 'node:fs'
import t from 'tap'
import { ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { dayName } from '../../../lib/core/process/paths.ts'
import { readJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { join } from 'node:path'
import { automate } from '../../helpers/program/automate.ts'
import type { LiveConsole } from '../../helpers/terminal/live-console.ts'
import { LiveProject, openConsole } from '../../helpers/terminal/live-console.ts'
import { until } from '../../helpers/until.ts'

/** Returns the texts that the console has put into the terminal's clipboard. */
const copied = ({ terminal }: LiveConsole): string[] =>
  [...terminal.output().matchAll(/\u001b\]52;c;([\w+/=]*)/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString(),
  )

const WORKING = (id: number) => new RegExp(`● working +#${id} .*2/2 wait: gate`)

t.test('keys control services and jobs at 120×40', async t => {
  const project = new LiveProject('waits-for-a-file', 'fails-at-a-button')
  await project.enqueueGated(1)
  const console = openConsole(t, project, [120, 40])
  await console.see(WORKING(1))

  t.comment('a paused scheduler claims nothing, and lets running jobs end')
  await console.pressed(['S-tab', 'p'], 'asked the scheduler to pause: no new job starts → done')
  await console.see(/◐ paused .*scheduler +‖ paused/s)
  await project.enqueueGated(2)
  await console.see(/queued +1/)
  project.openGate(1)
  await project.untilJob(1, 'succeeded')
  await console.see('1 done')
  t.equal((await project.job(2)).state, 'queued')
  await console.pressed(['x'], 'scheduler is paused already')

  t.comment('a waiting job gets a higher priority, an ended one does not')
  await console.pressed(['2', 'g', '+'], 'Job 1 has ended: the priority only matters for waiting jobs.')
  await console.pressed(['G', '+', '+'], 'asked for job 2 to run sooner → priority 20')
  await console.see(/○ queued +#2 .*\+20/)
  t.equal((await project.job(2)).priority, 20)
  await console.pressed(['1'], /queued +1/)

  t.comment('a restarted scheduler continues')
  await console.pressed(['s'], 'asked for service scheduler to start → done')
  await console.see(WORKING(2))
  await console.pressed(['s'], 'scheduler is running already')

  t.comment('a restart does not affect running jobs')
  await console.pressed(['r'], 'asked for service scheduler to restart → done')
  const document = join(project.paths.serviceStates, 'scheduler.json')
  await until('a restarted scheduler', () => {
    const { restarts, actual } = readJsonSync(document, ServiceDocument)
    return restarts === 1 && actual === 'running'
  })
  await console.see(/scheduler +● running/)
  t.match(await project.job(2), { state: 'running', attempt: 1 })

  t.comment('a job is cancelled only after a question')
  const before = console.look().processes.alive
  // The last row is the worker that waits for a job.
  await console.see('○ ready')
  await console.pressed(['tab', 'G', 'up', 'x'], 'Cancel job 2 (waits-for-a-file)?')
  await console.pressed(['enter'], 'no change')
  await console.pressed(['x'], 'Keep it running')
  await console.pressed(['down', 'enter'], 'asked for job 2 to be cancelled → done')
  await project.untilJob(2, 'cancelled')
  await until('the end of its worker and its browser', () => console.processes.alive.length < before.length)
  await console.pressed(['2'], /○ cancelled +#2/)

  t.comment('any job is shown completely, and its result can be copied')
  await console.pressed(['G', 'enter'], /Job 1: waits-for-a-file[^]*Result +"through"/)
  await console.see(/Log file +logs\/\S+\/job_1_attempt_1_member_1\.log/)
  await console.pressed(['y'], 'copied the result to the clipboard')
  await until('the result in the clipboard', () => copied(console).includes('"through"'))
  console.press('escape')
  await console.see(rows => !rows.some(row => row.includes('Log file')))

  t.comment('a failed job shows its phase, its step and its reason')
  await project.enqueue('fails-at-a-button')
  await console.see('✗ 1 failed')
  await console.pressed(['5'], '2/2 add_step: button Add to cart')
  await console.see('the button is not there')
  await console.see('#3 fails-at-a-button, try 1')
  await console.pressed(['4'], 'the button is not there')

  t.comment('the log lines of the job are found, filtered and saved')
  await console.pressed(['/'], 'Find:')
  console.terminal.paste('the button')
  await console.pressed(['enter'], /Enter: line \d+ of \d+ with "the button"/)
  await console.pressed(['L', 'L', 'L'], '≥ error')
  const saving = await console.pressed(['C-s'], /saving \d+ lines? → saved in \S+\.txt/)
  const [, path = ''] = /saved in (\S+)/.exec(saving.join('\n')) ?? []
  t.match(path, join('logs', dayName(new Date()), 'console'))
  t.match(readFileSync(join(project.root, path), 'utf8'), /^\S+ error #3.* the button is not there/m)
  console.press('y')
  await until('the line in the clipboard', () => copied(console).some(text => text.includes('the button')))
  await console.pressed(['escape', 'escape'], 'showing all lines')

  t.comment('the job runs again')
  await console.pressed(['5', 'r'], 'asked for job 3 to run again → done')
  await console.see('▸ ×2')
  await console.pressed(['R'], 'Retry the 1 failed or parked job?')
  await console.pressed(['down', 'enter'], 'asked for all failed or parked jobs to run again → done')
  await until('its third attempt', async () => (await project.job(3)).attempt === 3)

  t.comment('a marked crash selects its job')
  await project.untilJob(3, 'failed')
  await console.see('✗ 1 failed')
  await console.pressed(['5', 'space', 'r'], 'Run 1 marked job again?')
  await console.pressed(['down', 'enter'], 'asked for 1 marked job to run again → done')
  await until('its fourth attempt', async () => (await project.job(3)).attempt === 4)

  t.comment('the list is filtered by a text, and shows all jobs again')
  await console.pressed(['2', '/'], 'Only jobs with:')
  console.terminal.type('waits cancelled')
  await console.pressed(['enter'], 'only jobs with "waits cancelled"')
  await console.see(rows => rows.some(row => row.includes('#2 ')) && !rows.some(row => row.includes('#1 ')))
  await console.pressed(['escape'], 'showing all jobs')

  t.comment('a form of its input starts a job, and Esc leaves no job')
  await console.pressed(['2', 'n'], 'Start a job of')
  console.press('escape')
  await console.see(rows => !rows.some(row => row.includes('Start a job of')))
  await console.pressed(['n'], 'Start a job of')
  console.terminal.type('waits')
  await console.pressed(['enter'], /› gate \*/)
  console.press('enter')
  await console.see(/! .*(expected|required)/i)
  console.terminal.paste(project.gate(4))
  await console.pressed(['enter'], /asked for a job of waits-for-a-file → job 4 is queued/)
  t.match(await project.job(4), { origin: 'operator', input: { gate: project.gate(4) } })

  t.comment('a running worker is killed after a question, and its end is shown')
  await console.pressed(['1'], WORKING(4))
  // The console shows a worker for a moment after its end.
  await console.see(rows => !rows.some(row => /^│ [ ·›] \S [a-z]+ +#3 /.test(row)))
  await console.pressed(['g', 'X'], 'Kill the workers of job 4 (waits-for-a-file)?')
  await console.pressed(['enter'], 'no change')
  await console.pressed(['X'], 'Let it run')
  await console.pressed(['down', 'enter'], 'killing 1 worker → done')
  await console.pressed(['5'], /2\/2 wait: gate .*The worker was killed by/)
  await console.pressed(['g', 'r'], 'asked for job 4 to run again → done')

  t.comment('a schedule is run at once, paused and deleted')
  const add = ['schedules', 'add', 'nightly', 'fails-at-a-button', '--cron', '0 3 * * *']
  t.equal((await automate(t, add, { cwd: project.root })).code, 0)
  await console.pressed(['7'], /● nightly +.*0 3 \* \* \*/)
  await console.pressed(['s'], 'asked for nightly to run now → job 5 is queued')
  await console.see('✗ #5 failed')
  await console.pressed(['p'], 'paused schedule nightly → done')
  await console.see('‖ nightly')
  await console.pressed(['d'], 'Delete schedule nightly?')
  await console.pressed(['down', 'enter'], 'deleted schedule nightly → done')
  await console.see('There are no schedules')

  t.comment('quitting asks while jobs run, and stays by default')
  await console.pressed(['1'], WORKING(4))
  await console.pressed(['q'], '1 job is running.')
  await console.pressed(['enter'], 'no change')

  t.comment('draining lets running jobs end, and shows the progress')
  console.look()
  await console.pressed(['q'], '› Stay')
  await console.pressed(['down', 'enter'], 'Quitting: 1 worker is still running. Press q to stop now.')
  await console.see('◐ draining')
  project.openGate(4)
  await console.ended(t)
  t.equal((await project.job(4)).state, 'succeeded')
})

t.test('jobs that were stopped at once resume at the next start', async t => {
  const project = new LiveProject('waits-for-a-file')
  await project.enqueueGated(1)
  const first = openConsole(t, project, [80, 24])
  await first.see(WORKING(1))
  first.look()
  await first.pressed(['q'], '› Stay')
  await first.pressed(['up', 'enter'], /Stopping the workers|code 0/)
  await first.ended(t)
  t.match(await project.job(1), { state: 'interrupted', attempt: 1 })

  const second = openConsole(t, project, [80, 24])
  await second.see(WORKING(1))
  t.match(await project.job(1), { state: 'running', attempt: 2, failures: 0 })
  second.look()

  t.comment('the same key ends a long drain at once')
  await second.pressed(['q'], '› Stay')
  await second.pressed(['down', 'enter'], 'Press q to stop now.')
  second.press('q')
  await second.ended(t)
  t.match(await project.job(1), { state: 'interrupted', attempt: 2 })
})
