import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ContinuousServices } from '../../../../lib/control/leader/services/continuous-services.ts'
import { MAX_FAILURES } from '../../../../lib/control/leader/services/service-supervisor.ts'
import { Services } from '../../../../lib/control/leader/services/services.ts'
import { ServiceDocument } from '../../../../lib/model/worker/documents.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../../../../lib/model/job/workflow.ts'
import { readJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { FIXTURE } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const WATCH: WorkflowDescription = {
  ...FIXTURE,
  name: 'watch',
  file: 'watch.ts',
  continuous: true,
  workers: 4,
}
const BROKEN = { file: 'watch.ts', error: errorRecord('half saved') }

/** Starts the service of the continuous workflow `watch`, which runs in job 1. */
async function watching(t: Parameters<typeof timedStore>[0]) {
  const parts = await timedStore(t)
  const { store, paths } = parts
  const services = new Services({
    ...parts,
    log: new RecordingLog(),
    wanted: { 'workflow-watch': 'running' },
  })
  t.teardown(() => services.shutdown())
  const continuous = new ContinuousServices({ ...parts, log: new RecordingLog(), wanted: {} }, services)
  const keep = async (workflows: WorkflowDescription[], whole: boolean, broken: BrokenWorkflow[] = []) => {
    continuous.keep({ workflows, broken }, whole)
    await continuous.settled()
  }
  const open = () => store.call('jobs.list', { states: ['queued', 'running'] })
  const known = () => existsSync(join(paths.serviceStates, 'workflow-watch.json'))
  await keep([WATCH], false)
  return { ...parts, continuous, keep, open, known }
}

/**
 * Makes two services of an earlier scheduler, each with a job, and a job that a person has queued.
 */
async function leftJobs(t: Parameters<typeof timedStore>[0]) {
  const parts = await timedStore(t)
  const { store, paths } = parts
  const log = new RecordingLog()
  const earlier = { ...parts, log }
  const other = { ...WATCH, name: 'other', file: 'other.ts' }
  const wanted = { 'workflow-watch': 'running', 'workflow-other': 'running' } as const
  const services = new Services({ ...earlier, wanted })
  const continuous = new ContinuousServices({ ...earlier, wanted }, services)
  continuous.keep({ workflows: [WATCH, other], broken: [] }, true)
  await continuous.settled()
  await services.shutdown()
  const byHand = { workflow: 'watch', input: {}, workers: 1, retries: 0, origin: 'cli' }
  await store.call('jobs.enqueue', byHand)
  return { store, paths, log, earlier }
}

t.test('the next job of a continuous workflow uses the current workflow', async t => {
  const { store, keep, open } = await watching(t)
  const inputSchema = {
    type: 'object',
    properties: { url: { type: 'string', default: 'http://shop.example/x' } },
  }
  const domains = { names: [], from: 'url' }
  await keep([{ ...WATCH, workers: 1, retries: 0, domains, inputSchema }], true)
  await store.call('jobs.claim', { id: 1 })
  await store.call('jobs.finish', { id: 1, attempt: 1, state: 'succeeded', result: 1 })
  await until('the next job', async () => (await open()).length > 0)
  t.match(await store.call('jobs.read', { id: 1 }), { workers: 4, retries: 2 })
  t.match(await store.call('jobs.read', { id: 2 }), {
    ...{ workers: 1, retries: 0 },
    domains: ['shop.example'],
  })
})

t.test(
  'removes the service of a workflow that is no longer continuous with its job, and restores it',
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

t.test('removes the service of a removed workflow, but not while its module cannot be read', async t => {
  const { keep, open, known } = await watching(t)
  await keep([], false)
  t.ok(known(), 'it may not have been read yet')
  await keep([], true, [BROKEN])
  t.ok(known(), 'the file may be half saved')
  t.match(await open(), [{ id: 1 }])
  await keep([], true)
  t.notOk(known())
  t.strictSame(await open(), [])
})

t.test('removes a job of an earlier scheduler with its service', async t => {
  const { store, paths, log, earlier } = await leftJobs(t)
  const services = new Services({ ...earlier, wanted: {} })
  const continuous = new ContinuousServices({ ...earlier, wanted: {} }, services)
  const keep = async (workflows: WorkflowDescription[], whole: boolean, broken: BrokenWorkflow[] = []) => {
    continuous.keep({ workflows, broken }, whole)
    await continuous.settled()
  }
  const states = async () => {
    const jobs = await store.call('jobs.list', {})
    return Object.fromEntries(jobs.map(({ workflow, origin, state }) => [`${workflow} ${origin}`, state]))
  }
  const byHand = { 'watch cli': 'queued' }
  const OTHER = { ...WATCH, name: 'other', file: 'other.ts', continuous: false }
  await keep([OTHER], false)
  const otherEnded = { ...byHand, 'other service:workflow-other': 'cancelled' }
  t.strictSame(
    await states(),
    { ...otherEnded, 'watch service:workflow-watch': 'queued' },
    'only one workflow has been read',
  )
  await keep([OTHER], true, [BROKEN])
  t.match(
    await states(),
    { 'watch service:workflow-watch': 'queued' },
    'the other workflow may be the broken one',
  )
  await keep([OTHER], true)
  t.strictSame(await states(), { ...otherEnded, 'watch service:workflow-watch': 'cancelled' })
  t.notOk(existsSync(join(paths.serviceStates, 'workflow-watch.json')))
  t.strictSame(log.lines, [])
})

t.test('cancels the job of a service before an upgrade, and resumes the service as it was', async t => {
  const { store, continuous, keep, open, paths } = await watching(t)
  const service = () => readJsonSync(join(paths.serviceStates, 'workflow-watch.json'), ServiceDocument)
  await store.call('jobs.claim', { id: 1 })
  await continuous.suspend()
  t.match(await store.call('runs.news', {}), [{ id: 1, cancelRequested: true }])
  t.match(service(), { desired: 'running', actual: 'stopped' })
  t.strictSame(continuous.active, ['workflow-watch'], 'it must still run')
  await store.call('jobs.finish', { id: 1, attempt: 1, state: 'cancelled' })
  await keep([WATCH], true)
  t.strictSame(await open(), [], 'nothing is queued for the old version')
  t.ok(continuous.resume())
  await continuous.settled()
  t.match(await open(), [{ id: 2, state: 'queued' }])
  t.match(service(), { desired: 'running', actual: 'running' })
  t.notOk(continuous.resume())
})

t.test('a parked job of a service stays for a person during an upgrade', async t => {
  const { store, continuous } = await watching(t)
  for (let deaths = 0; deaths < 3; deaths++) {
    await store.call('jobs.claim', { id: 1 })
    await store.call('jobs.recover', {})
  }
  await continuous.suspend()
  t.match(await store.call('jobs.read', { id: 1 }), { state: 'parked' })
})

t.test('failures of jobs count in a row until a success, however long each of them took', async t => {
  const { store, clock, paths, open } = await watching(t)
  const service = () => readJsonSync(join(paths.serviceStates, 'workflow-watch.json'), ServiceDocument)
  /** Ends the job of the service after this time, and returns the job's id. */
  const end = async (state: 'failed' | 'succeeded', afterMs: number) => {
    const [job] = await until('its job', async () => ((await open()).length > 0 ? open() : null))
    if (job === undefined) throw new Error('The job is gone.')
    await store.call('jobs.claim', { id: job.id })
    clock.advance(afterMs)
    const ended = { id: job.id, attempt: 1 }
    await store.call(
      'jobs.finish',
      state === 'failed' ? { ...ended, state, error: errorRecord('closed') } : { ...ended, state, result: 1 },
    )
    return job.id
  }
  const failures = async () => {
    const { restart } = await until('its failure', () => (service().actual === 'failed' ? service() : null))
    if (typeof restart?.at === 'number') clock.advance(restart.at - clock.now())
    return restart?.failures
  }
  const fail = async (afterMs: number) => {
    await end('failed', afterMs)
    return failures()
  }
  t.equal(await fail(0), 1)
  t.equal(await fail(90_000), 2)
  const succeeded = await end('succeeded', 90_000)
  await until('the next job', async () => (await open()).some(({ id }) => id > succeeded))
  clock.advance(1_000)
  t.equal(await fail(90_000), 1, 'the first failure after a success')
  t.equal(await fail(90_000), 2)
  t.equal(await fail(3_600_000), 1, 'a watch may never succeed')
  for (let nth = 2; nth <= MAX_FAILURES; nth++) t.equal(await fail(3_000_000), nth)
  t.match(service(), { actual: 'failed', restart: { at: null } }, 'it is not restarted')
  t.strictSame(await open(), [])
})

t.test('a parked job blocks its service until a person retries or cancels it', async t => {
  const { store, paths, open } = await watching(t)
  const service = () => readJsonSync(join(paths.serviceStates, 'workflow-watch.json'), ServiceDocument)
  const park = async (id: number) => {
    for (let deaths = 0; deaths < 3; deaths++) {
      await store.call('jobs.claim', { id })
      await store.call('jobs.recover', {})
    }
    return until('a blocked service', () => service().actual === 'failed' && service())
  }
  const blocked = await park(1)
  t.match(
    blocked.message,
    /^Job 1 is parked, because .* crashed 3 times .*"automate-tui retry 1", .*"automate-tui cancel 1"/,
  )
  t.notOk(blocked.restart, 'it is not restarted by itself')
  t.equal(blocked.doing, null)

  await store.call('jobs.retry', { id: 1 })
  await until('a service that goes on', () => service().actual === 'running')
  t.match(service(), { doing: { what: 'job', id: 1 }, message: '' })

  await park(1)
  await store.call('jobs.cancel', { id: 1 })
  await until('the next job', async () => (await open()).some(({ id }) => id === 2))
  await until('a service that goes on', () => service().actual === 'running')
})

t.test('a service starts blocked if its job was parked before', async t => {
  const parts = await timedStore(t)
  const { store, paths } = parts
  const { id } = await store.call('jobs.enqueue', {
    ...{ workflow: 'watch', input: {}, workers: 1, retries: 0 },
    ...{ uniqueKey: 'workflow-watch', origin: 'service:workflow-watch' },
  })
  for (let deaths = 0; deaths < 3; deaths++) {
    await store.call('jobs.claim', { id })
    await store.call('jobs.recover', {})
  }
  const services = new Services({
    ...parts,
    log: new RecordingLog(),
    wanted: { 'workflow-watch': 'running' },
  })
  t.teardown(() => services.shutdown())
  services.listen()
  const continuous = new ContinuousServices({ ...parts, log: new RecordingLog(), wanted: {} }, services)
  continuous.keep({ workflows: [WATCH], broken: [] }, true)
  await continuous.settled()
  const service = () => readJsonSync(join(paths.serviceStates, 'workflow-watch.json'), ServiceDocument)
  t.match(await until('a blocked service', () => service().actual === 'failed' && service()), {
    message: /^Job 1 is parked/,
  })
  await store.call('services.wish', { name: 'workflow-watch', wish: 'stop' })
  await until('a stopped service', () => service().actual === 'stopped')
  t.match(await store.call('jobs.read', { id }), { state: 'cancelled' }, 'its job is cancelled with it')
})
