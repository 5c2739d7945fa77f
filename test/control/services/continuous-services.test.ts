import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ContinuousServices } from '../../../lib/control/services/continuous-services.ts'
import { Services } from '../../../lib/control/services/services.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../../../lib/domain/workflow.ts'
import { errorRecord } from '../../helpers/error-record.ts'
import { timedStore } from '../../helpers/job-store.ts'
import { KeptLog } from '../../helpers/kept-log.ts'
import { FIXTURE } from '../../helpers/scheduling.ts'
import { until } from '../../helpers/until.ts'

const WATCH: WorkflowDescription = {
  ...FIXTURE,
  name: 'watch',
  file: 'watch.ts',
  continuous: true,
  workers: 4,
}
const BROKEN = { file: 'watch.ts', error: errorRecord('half saved') }

/** The service of the continuous workflow `watch`, which runs in job 1. */
async function watching(t: Parameters<typeof timedStore>[0]) {
  const parts = await timedStore(t)
  const { store, paths } = parts
  const services = new Services({ ...parts, log: new KeptLog(), wanted: { 'workflow-watch': 'running' } })
  t.teardown(() => services.shutdown())
  const continuous = new ContinuousServices({ ...parts, log: new KeptLog(), wanted: {} }, services)
  const keep = async (workflows: WorkflowDescription[], whole: boolean, broken: BrokenWorkflow[] = []) => {
    continuous.keep({ workflows, broken }, whole)
    await continuous.settled()
  }
  const open = () => store.call('jobs.list', { states: ['queued', 'running'] })
  const known = () => existsSync(join(paths.serviceStates, 'workflow-watch.json'))
  await keep([WATCH], false)
  return { ...parts, keep, open, known }
}

t.test('the next job of a continuous workflow is as the workflow is by then', async t => {
  const { store, keep, open } = await watching(t)
  await keep([{ ...WATCH, workers: 1, retries: 0 }], true)
  await store.call('jobs.claim', { id: 1 })
  await store.call('jobs.finish', { id: 1, attempt: 1, state: 'succeeded', result: 1 })
  await until('the next job', async () => (await open()).length > 0)
  t.match(await store.call('jobs.read', { id: 1 }), { workers: 4, retries: 2 })
  t.match(await store.call('jobs.read', { id: 2 }), { workers: 1, retries: 0 })
})

t.test(
  'the service of a workflow that is continuous no longer goes with its job, and may come back',
  async t => {
    const { store, keep, open, known } = await watching(t)
    await keep([{ ...WATCH, continuous: false }], false)
    t.notOk(known())
    t.match(await store.call('jobs.read', { id: 1 }), { state: 'cancelled' })
    t.strictSame(await open(), [])
    await keep([WATCH], true)
    t.ok(known())
    t.match(await open(), [{ id: 2 }])
  },
)

t.test(
  'the service of a workflow that is gone goes, but not while its module only cannot be read',
  async t => {
    const { keep, open, known } = await watching(t)
    await keep([], false)
    t.ok(known(), 'it may not have been read yet')
    await keep([], true, [BROKEN])
    t.ok(known(), 'somebody is writing it')
    t.match(await open(), [{ id: 1 }])
    await keep([], true)
    t.notOk(known())
    t.strictSame(await open(), [])
  },
)
