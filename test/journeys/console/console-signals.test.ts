import t from 'tap'
import type { Test } from 'tap'
import { livingScheduler } from '../../../lib/store/ownership/living-owner.ts'
import { LiveProject, openConsole } from '../../helpers/terminal/live-console.ts'
import { until } from '../../helpers/until.ts'

const skip = process.platform === 'win32' && 'Windows has no signals to ask politely with'
const NOTICE = 'Stopping: no new job starts, running jobs may finish. Stop again to end them at once.'

/**
 * Opens a console that schedules, with one job at its gate and another job that waits for a worker.
 */
async function busyConsole(t: Test) {
  const project = new LiveProject('waits-for-a-file')
  project.configure("export default { workers: 1, loadTimeout: '8s' }")
  const jobs = [await project.enqueueGated(1), await project.enqueueGated(2)] as const
  const console = openConsole(t, project, [100, 30])
  await project.untilAtGate()
  const pid = await until('the scheduler', () => livingScheduler(project.paths.owner))
  console.look()
  return { project, console, jobs, signal: (name: NodeJS.Signals) => process.kill(pid, name) }
}

t.test('SIGTERM lets the running jobs of a console end, and starts no other job', { skip }, async t => {
  const { project, console, jobs, signal } = await busyConsole(t)
  signal('SIGTERM')
  await console.see(NOTICE)
  project.openGate(1)
  project.openGate(2)
  await console.ended(t)
  t.match(await project.job(jobs[0]), { state: 'succeeded', attempt: 1 })
  t.match(await project.job(jobs[1]), { state: 'queued' })
})

t.test('a second SIGTERM interrupts the running jobs of a console', { skip }, async t => {
  const { project, console, jobs, signal } = await busyConsole(t)
  signal('SIGTERM')
  await console.see(NOTICE)
  signal('SIGTERM')
  await console.ended(t)
  t.match(await project.job(jobs[0]), { state: 'interrupted' })
})

t.test('a closed terminal interrupts the running jobs of its console at once', { skip }, async t => {
  const { project, console, jobs, signal } = await busyConsole(t)
  signal('SIGHUP')
  await console.ended(t)
  t.match(await project.job(jobs[0]), { state: 'interrupted' })
  t.notMatch(console.terminal.output(), NOTICE)
})
