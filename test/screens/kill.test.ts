import t from 'tap'
import { commandsOf, pressed, seen, textOf } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { isBusy } from '../../lib/app/port/worker-slots.ts'

const parts = richSnapshot()
  .workers.filter(isBusy)
  .flatMap(({ workerId, job }) =>
    job === null ? [] : [{ workerId, jobId: job.jobId, attempt: job.attempt }],
  )

const partsOf = (...jobs: readonly number[]) => parts.filter(({ jobId }) => jobs.includes(jobId))

const busyJobs = [...new Set(parts.map(({ jobId }) => jobId))]

/** Returns the jobs screen with this job selected. */
function atJob(id: number) {
  const jobs = richSnapshot().jobs.map(job => job.id)
  return pressed(seen(), '2', 'g', ...Array.from({ length: jobs.indexOf(id) }, () => 'down'))[0]
}

t.test('kills a worker only after a question whose default is no', async t => {
  const selected = seen().selected.workers
  const [asked, none] = pressed(seen(), 'X')
  t.same(commandsOf(none), [])
  t.match(textOf(asked), 'without cleanup')
  t.same(commandsOf(pressed(asked, 'enter')[1]), [])
  const [killed, effects] = pressed(asked, 'down', 'enter')
  t.equal(killed.dialog, null)
  t.same(commandsOf(effects), [
    { type: 'workers.kill', parts: parts.filter(({ workerId }) => workerId === selected) },
  ])
  t.match(textOf(killed), 'killing 1 worker')
})

t.test('the jobs screen kills all workers of the job, or of all marked jobs', async t => {
  for (const id of busyJobs) {
    const [, effects] = pressed(atJob(id), 'X', 'down', 'enter')
    t.same(commandsOf(effects), [{ type: 'workers.kill', parts: partsOf(id) }], `job ${id}`)
  }
  const ids = busyJobs.slice(0, 2).map(String)
  const state = atJob(busyJobs[0] ?? 0)
  const marked = { ...state, marked: { ...state.marked, jobs: ids } }
  const [asked] = pressed(marked, 'X')
  t.match(textOf(asked), `Kill the workers of ${ids.length} jobs?`)
  const [after, effects] = pressed(asked, 'down', 'enter')
  t.same(commandsOf(effects), [{ type: 'workers.kill', parts: partsOf(...ids.map(Number)) }])
  t.same(after.marked.jobs, [])
})

t.test('kill reports that nothing runs, and does nothing in a read-only console', async t => {
  const idle = richSnapshot().jobs.find(({ id }) => !busyJobs.includes(id))
  const [refused, effects] = pressed(atJob(idle?.id ?? 0), 'X')
  t.same(commandsOf(effects), [])
  t.match(refused.activity.at(-1)?.text, /there is nothing to kill/)
  const [watching] = pressed(seen(null, { readOnly: true }), 'X')
  t.equal(watching.dialog, null)
  t.match(watching.activity.at(-1)?.text, /console is read-only/)
})
