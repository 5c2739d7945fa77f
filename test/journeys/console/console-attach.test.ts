import t from 'tap'
import type { Test } from 'tap'
import { SchedulerDocument } from '../../../lib/model/worker/documents.ts'
import { readJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { LiveProject, openConsole, startHeadless } from '../../helpers/terminal/live-console.ts'
import { until } from '../../helpers/until.ts'

const WORKING = (id: number) => new RegExp(`● working +#${id} .*2/2 wait: gate`)

/** Starts a scheduler without screens, and a console that shows its job at a gate. */
async function attachedTo(t: Test, size: readonly [number, number]) {
  const project = new LiveProject('waits-for-a-file')
  await project.enqueueGated(1)
  const scheduler = startHeadless(t, project)
  await scheduler.says('2/2 wait: gate')
  const attached = openConsole(t, project, size)
  await attached.see('● attached')
  await attached.see(WORKING(1))
  return { project, scheduler, attached }
}

t.test('a console attaches to a scheduler without screens, and its keys act on that scheduler', async t => {
  const { project, scheduler, attached } = await attachedTo(t, [120, 40])
  await attached.see(/scheduler +● running/)

  t.comment('services')
  await attached.pressed(['S-tab', 'x'], 'asked for service scheduler to stop → done')
  await attached.see(/scheduler +‖ paused/)
  const { schedulerState } = project.paths
  await until('a paused scheduler', () => readJsonSync(schedulerState, SchedulerDocument).phase === 'paused')
  await attached.pressed(['s'], /scheduler +● running/)

  t.comment('jobs')
  await project.enqueueGated(2)
  await attached.pressed(['tab'], WORKING(2))
  scheduler.processes.see(scheduler.pid)
  const before = scheduler.processes.alive.length
  await attached.pressed(['x'], 'Cancel job 1 (waits-for-a-file)?')
  await attached.pressed(['down', 'enter'], 'asked for job 1 to be cancelled → done')
  await project.untilJob(1, 'cancelled')
  await until('the end of its browser', () => scheduler.processes.alive.length < before)

  t.comment('the console reads and changes the database of the scheduler')
  await attached.pressed(['6'], / 2 +waits-for-a-file/)
  await attached.pressed(['tab', 'G', 'e'], 'Change id 2 of jobs')
  await attached.pressed(['down', 'end', '7', 'enter'], '! The job is running.')
  attached.press('escape')
  await attached.see(rows => !rows.some(row => row.includes('Change id 2')))
  await attached.pressed(['g', 'e'], 'Change id 1 of jobs')
  await attached.pressed(['down', 'C-u', '9', 'enter'], 'asked to change a row of jobs → done')
  t.equal((await project.job(1)).priority, 9)

  t.comment('quitting asks nothing and stops nothing')
  attached.look().press('q')
  await attached.ended(t)
  t.equal(readJsonSync(schedulerState, SchedulerDocument).pid, scheduler.pid)
  t.equal((await project.job(2)).state, 'running')

  t.comment('a read-only console refuses with the reason')
  const watching = openConsole(t, project, [80, 24], { args: ['--read-only'] })
  await watching.see('● attached')
  await watching.see(WORKING(2))
  await watching.see('read only')
  await watching.pressed(['x'], 'This console is read-only (--read-only): it changes nothing.')
  await watching.pressed(['S-tab', 'r'], /! r: This console is read-only/)
  await watching.pressed(['6'], /› jobs +2/)
  await watching.pressed(['tab', 'd'], '! d: This console is read-only')
  watching.look().press('q')
  await watching.ended(t)

  project.openGate(2)
  await project.untilJob(2, 'succeeded')
  scheduler.processes.see(scheduler.pid)
  scheduler.stop()
  t.equal(await scheduler.exited, 0)
  await scheduler.processes.untilGone()
})

t.test(
  'a console attaches again after its killed scheduler was started again',
  { skip: process.platform === 'win32' },
  async t => {
    const { project, scheduler: killed, attached } = await attachedTo(t, [80, 24])
    killed.processes.see(killed.pid)
    process.kill(killed.pid, 'SIGKILL')
    await attached.see('✗ scheduler gone')
    await killed.processes.untilGone()

    const scheduler = startHeadless(t, project)
    await attached.see('● attached')
    await scheduler.says('2/2 wait: gate')
    await attached.see(WORKING(1))
    await attached.pressed(['x'], 'Cancel job 1 (waits-for-a-file)?')
    await attached.pressed(['down', 'enter'], 'asked for job 1 to be cancelled → done')
    await project.untilJob(1, 'cancelled')
    attached.look().press('q')
    await attached.ended(t)
    scheduler.stop()
    t.equal(await scheduler.exited, 0)
    await scheduler.processes.untilGone()
  },
)

t.test(
  'a console takes over after its scheduler was killed',
  { skip: process.platform === 'win32' },
  async t => {
    const project = new LiveProject('waits-for-a-file')
    await project.enqueueGated(1)
    const owner = openConsole(t, project, [80, 24])
    await owner.see(WORKING(1))
    const attached = openConsole(t, project, [80, 24])
    await attached.see('● attached')
    await attached.see(WORKING(1))

    owner.look()
    process.kill(readJsonSync(project.paths.schedulerState, SchedulerDocument).pid, 'SIGKILL')
    await attached.see('✗ scheduler gone')
    await attached.see('The scheduler is gone. Press s to take over, or wait until one runs again.')
    await attached.see('No worker runs now.')
    owner.endShell()
    await owner.processes.untilGone()
    await attached.pressed(['x'], 'The scheduler is gone: press s to take over.')

    t.comment('the console schedules with the current configuration, and refuses an unusable one')
    project.configure("export default { workers: 'many' }")
    await attached.pressed(['s'], '"workers" in automate.config.js: must be')
    project.configure('export default { workers: 3 }')
    await attached.pressed(['s'], '● scheduling')
    await attached.see(WORKING(1))
    await attached.see(/Workers .*1\/3/)
    t.match(await project.job(1), { state: 'running', attempt: 2, failures: 0 })
    project.openGate(1)
    await project.untilJob(1, 'succeeded')
    await attached.see('1 done')
    await attached.idle()
    attached.look().press('q')
    await attached.ended(t)
  },
)
