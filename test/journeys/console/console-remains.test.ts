import t from 'tap'
import type { Test } from 'tap'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { readDocumentsSync } from '../../../lib/files/documents/read-documents.ts'
import { LiveProject, openConsole, startHeadless } from '../../helpers/terminal/live-console.ts'
import { openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const skip = process.platform === 'win32'

const WORKING = /● working +#1 /

/**
 * Makes the project of a failed machine, with a worker at its gate. No process wrote an end, so the
 * documents still describe running work.
 */
async function failedAtWork(t: Test) {
  const project = new LiveProject('waits-for-a-file')
  await project.enqueueGated(1)
  const scheduler = startHeadless(t, project)
  await scheduler.says('2/2 wait: gate')
  scheduler.processes.see(scheduler.pid)
  const busy = () =>
    readDocumentsSync(project.paths.workerStates, WorkerDocument).find(
      ({ state, job }) => state === 'busy' && job?.jobId === 1,
    )
  const worker = await until('the worker to be at work', busy)
  process.kill(scheduler.pid, 'SIGSTOP')
  process.kill(worker.pid, 'SIGKILL')
  process.kill(scheduler.pid, 'SIGKILL')
  await scheduler.processes.untilGone()
  t.ok(busy())
  return project
}

t.test('a console shows no state of a killed scheduler before the next one reports', { skip }, async t => {
  const project = await failedAtWork(t)
  // The owner of the store is a scheduler that has not written its state yet, as at every start.
  const store = await openTestStore(t, project.paths, 'scheduler')
  const console = openConsole(t, project, [120, 40], { args: ['--read-only'] })
  await console.see('◐ attached, starting')
  const rows = await console.see(/running +1\b/)
  t.notMatch(rows.join('\n'), WORKING)
  t.notMatch(rows.join('\n'), 'janitor')

  t.comment('that scheduler ends, and a real one runs')
  await store.close()
  await console.see('✗ scheduler gone')
  const scheduler = startHeadless(t, project)
  await console.see(WORKING)
  await console.see(/janitor +● running/)
  console.look().press('q')
  await console.ended(t)
  project.openGate(1)
  await project.untilJob(1, 'succeeded')
  scheduler.stop()
  t.equal(await scheduler.exited, 0)
  await scheduler.processes.untilGone()
})

t.test(
  'a console that schedules in its place but cannot start shows no such state either',
  { skip },
  async t => {
    const project = await failedAtWork(t)
    const console = openConsole(t, project, [120, 40], { env: { AUTOMATE_BROWSER: '/no/such/browser' } })
    const rows = await console.see('/no/such/browser')
    t.notMatch(rows.join('\n'), WORKING)
    t.notMatch(rows.join('\n'), 'janitor')
    await console.see(/running +1\b/)
    await console.pressed(['3'], 'No worker is selected.')
    console.look().press('q')
    await console.ended(t)
  },
)
