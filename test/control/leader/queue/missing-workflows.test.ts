import t from 'tap'
import {
  MissingWorkflows,
  NOTIFY_AFTER_MS,
  REMOVED_GRACE_MS,
  SCOPED_GRACE_MS,
} from '../../../../lib/control/leader/queue/missing-workflows.ts'
import type { KnownWorkflows } from '../../../../lib/control/workflow-catalogue.ts'
import type { JobRequest } from '../../../../lib/model/job/job.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { enqueue } from '../../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 1 }
const FILE = '/project/workflows/fixture.ts'
const KNOWN: KnownWorkflows = { workflows: [{ ...FIXTURE, file: FILE }], broken: [] }
const GONE: KnownWorkflows = { workflows: [], broken: [] }
const ABSENT: KnownWorkflows = { ...GONE, absent: ['/project/workflows'] }
const brokenAt = (...files: string[]): KnownWorkflows => ({
  workflows: [],
  broken: files.map(file => ({ file, error: errorRecord(`${file} cannot be loaded: no "}"`) })),
})
const BROKEN = brokenAt(FILE)
const at = (ms: number) => ({ now: 5_000 + ms, monotonic: ms })

/** Returns the reason why a job's workflow is missing after these readings. */
function missingAfter(readings: readonly KnownWorkflows[], isScoped = false, now = at(0)) {
  const missing = new MissingWorkflows('/project', isScoped)
  for (const known of readings) missing.update(known, at(0))
  missing.wait(['fixture'], at(0))
  return missing.list(now)
}

t.test('reports the cause of a missing workflow that a person can fix', t => {
  const broken = { why: 'broken', problems: [/^workflows.fixture\.ts cannot be loaded: no "}"$/] }
  t.same(missingAfter([KNOWN]), [], 'a known workflow is not missing')
  t.match(missingAfter([KNOWN, BROKEN]), [{ name: 'fixture', ...broken }])
  t.match(missingAfter([BROKEN]), [broken], 'also for a workflow that was never known')
  t.match(missingAfter([KNOWN, ABSENT]), [{ why: 'folder', folder: 'workflows' }])
  t.match(missingAfter([ABSENT]), [{ why: 'folder', folder: 'workflows' }])
  const other = brokenAt('/project/workflows/other.ts')
  t.match(missingAfter([other]), [{ why: 'broken', problems: [/^workflows.other\.ts/] }])
  t.match(
    missingAfter([KNOWN, other]),
    [{ why: 'removed' }],
    'a file that never contained it does not matter',
  )
  const both = brokenAt('/project/workflows/other.ts', FILE)
  t.match(missingAfter([both])[0], { problems: { length: 1 } }, 'only the file with its name is reported')
  t.end()
})

t.test('the wait ends only for a workflow that no file exports', t => {
  const later = at(REMOVED_GRACE_MS)
  t.match(missingAfter([KNOWN, GONE], false, at(REMOVED_GRACE_MS - 1)), [
    { why: 'removed', until: at(REMOVED_GRACE_MS).now },
  ])
  t.same(missingAfter([KNOWN, GONE], false, later), [])
  t.same(missingAfter([GONE], false, later), [])
  for (const readings of [
    [KNOWN, BROKEN],
    [KNOWN, ABSENT],
  ])
    t.notOk(missingAfter(readings, false, later)[0]?.until)
  t.equal(missingAfter([KNOWN, BROKEN], false, later).length, 1)
  t.same(missingAfter([KNOWN, BROKEN], true, at(SCOPED_GRACE_MS)), [], 'the job of "run" ends')
  t.end()
})

t.test('people are notified once of a workflow that is missing for long', t => {
  const missing = new MissingWorkflows('/project', false)
  missing.update(BROKEN, at(0))
  missing.wait(['fixture'], at(0))
  t.same(missing.takeLong(at(NOTIFY_AFTER_MS - 1)), [])
  t.equal(missing.takeLong(at(NOTIFY_AFTER_MS)).length, 1)
  t.same(missing.takeLong(at(2 * NOTIFY_AFTER_MS)), [])
  t.end()
})

t.test('reads files again without a notification, at growing intervals', t => {
  const missing = new MissingWorkflows('/project', false)
  missing.update(BROKEN, at(0))
  t.equal(missing.takeLook(at(60_000)), false, 'not without a waiting job')
  missing.wait(['fixture'], at(0))
  t.equal(missing.takeLook(at(14_999)), false)
  t.equal(missing.takeLook(at(15_000)), true)
  t.equal(missing.takeLook(at(44_999)), false)
  t.equal(missing.takeLook(at(45_000)), true)
  t.equal(missing.dueAt(at(45_000), true), at(105_000).now)
  t.equal(missing.dueAt(at(45_000), false), null, 'never while reading is not allowed')
  t.end()
})

t.test('the end of the wait depends on elapsed time, not on the wall clock', t => {
  const missing = new MissingWorkflows('/project', false)
  missing.update(GONE, at(0))
  missing.wait(['fixture'], at(0))
  const jumped = { now: at(1_000).now + 2 * REMOVED_GRACE_MS, monotonic: 1_000 }
  t.equal(missing.dueAt(jumped, false), jumped.now + REMOVED_GRACE_MS - 1_000)
  t.end()
})

t.test('a paused scheduler does not spin for a missing workflow', async t => {
  const { store, workers, clock, scheduler, setFiles, untilIdle } = await testScheduler(t)
  setFiles(BROKEN)
  const id = await enqueue(store)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  scheduler.setMode('paused')
  await untilIdle()
  clock.advance(15_000)
  await untilIdle()
  t.equal(clock.waiting, 0, 'no permitted work is due')
  setFiles(KNOWN, false)
  scheduler.setMode('scheduling')
  t.equal((await workers.forked(1)).assignment.jobId, id, 'the files are read once claiming is allowed')
})

t.test('jobs wait while the file of their workflow is broken, and continue by themselves', async t => {
  const { store, workers, clock, scheduler, setFiles, job, log, untilState } = await testScheduler(t, {
    slots: 2,
  })
  const other = { ...FIXTURE, name: 'other', file: '/project/workflows/other.ts' }
  setFiles({ ...BROKEN, workflows: [other] })
  const ids = [await enqueue(store, { retries: 0 }), await enqueue(store), await enqueue(store)]
  const beside = await enqueue(store, { workflow: 'other' })
  const worker = await workers.forked(1)
  t.equal(worker.assignment.jobId, beside, 'they block no other job')
  worker.end(won)
  await untilState(beside, 'succeeded')
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  t.match(scheduler.missingWorkflows, [{ name: 'fixture', why: 'broken' }])
  clock.advance(2 * REMOVED_GRACE_MS)
  await until('an idle scheduler', () => scheduler.idle)
  for (const id of ids) t.match(await job(id), { state: 'queued', attempt: 0 })
  t.equal(log.lines.filter(line => line.includes('Correct the file')).length, 1)
  setFiles(KNOWN)
  const [first, second] = [await workers.forked(2), await workers.forked(3)]
  t.match([first.assignment.jobId, second.assignment.jobId], ids.slice(0, 2), 'in their order')
  t.same(scheduler.missingWorkflows, [])
  t.ok(log.lines.some(line => line.includes('Workflow "fixture" can be loaded')))
})

const UNRESOLVED = {
  input: { url: 'https://shop.example/list' },
  unresolved: ['workers', 'retries', 'domains'],
} satisfies Partial<JobRequest>

t.test('a workflow resolves jobs that were queued while it could not be loaded', async t => {
  const { store, workers, scheduler, setFiles, job } = await testScheduler(t)
  setFiles(BROKEN)
  const id = await enqueue(store, UNRESOLVED)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  const [lane] = await store.call('jobs.lanes', {})
  t.same(lane?.domains, [])
  const swarm = { ...FIXTURE, file: FILE, workers: 2, retries: 5, domains: { names: [], from: 'url' } }
  setFiles({ workflows: [swarm], broken: [] })
  const second = await workers.forked(2)
  t.match(second.assignment, { jobId: id, attempt: 1, members: 2 })
  t.match(await job(id), { workers: 2, retries: 5, domains: ['shop.example'], unresolved: null })
})

t.test('limits block an unresolved job by the values that its workflow resolved', async t => {
  const { store, workers, clock, setFiles, untilState, job } = await testScheduler(t)
  await store.call('domains.pause', {
    domain: 'shop.example',
    status: 429,
    retryAfterMs: 60_000,
    jobId: null,
  })
  setFiles(BROKEN)
  const id = await enqueue(store, UNRESOLVED)
  setFiles({ workflows: [{ ...FIXTURE, domains: { names: [], from: 'url' } }], broken: [] })
  await until('the domains', async () => (await job(id)).domains.length > 0)
  await until('a timer', () => clock.waiting > 0)
  t.same(workers.all, [])
  clock.advance(60_000)
  t.equal((await workers.forked(1)).assignment.jobId, id)
  await untilState(id, 'running')
})

t.test('an unresolved job fails if its workflow stays away, and is resolved at a retry', async t => {
  const { store, workers, clock, setFiles, job, untilState, scheduler } = await testScheduler(t)
  setFiles(GONE)
  const id = await enqueue(store, UNRESOLVED)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  clock.advance(REMOVED_GRACE_MS)
  await untilState(id, 'failed')
  setFiles({ workflows: [{ ...FIXTURE, retries: 5 }], broken: [] })
  await store.call('jobs.retry', { id })
  t.equal((await workers.forked(1)).assignment.jobId, id)
  t.match(await job(id), { state: 'running', retries: 5, unresolved: null })
})

t.test('finds a missing workflow even without a notification of its file', async t => {
  const { store, workers, clock, scheduler, setFiles } = await testScheduler(t)
  setFiles(BROKEN)
  const id = await enqueue(store)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  setFiles(KNOWN, false)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(15_000)
  t.equal((await workers.forked(1)).assignment.jobId, id)
})

t.test('a workflow without waiting jobs is not missing', async t => {
  const { store, scheduler, setFiles } = await testScheduler(t)
  setFiles(BROKEN)
  const id = await enqueue(store)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  await store.call('jobs.cancel', { id })
  await until('none', () => scheduler.missingWorkflows.length === 0)
})

t.test('people are notified when jobs have waited for long', async t => {
  const notified: string[] = []
  const onWorkflowMissing = (workflow: string) => void notified.push(workflow)
  const { store, clock, scheduler, setFiles } = await testScheduler(t, { onWorkflowMissing })
  setFiles(BROKEN)
  await enqueue(store)
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(NOTIFY_AFTER_MS)
  await until('the notice', () => notified.length > 0)
  t.same(notified, ['fixture'])
})

t.test('a job whose worker found a broken file returns to the queue and waits', async t => {
  const { store, workers, scheduler, setFiles, untilState } = await testScheduler(t)
  setFiles(KNOWN)
  const id = await enqueue(store, { retries: 0 })
  const worker = await workers.forked(1)
  setFiles(BROKEN, false)
  const error = {
    ...errorRecord(`${FILE} cannot be loaded: no "}"`, 'workflow-invalid'),
    facts: { file: FILE },
  }
  worker.end({ status: 'failed', error, phase: null })
  t.match(await untilState(id, 'interrupted'), { failures: 0, attempt: 1 })
  await until('the reason', () => scheduler.missingWorkflows.length > 0)
  t.equal(workers.all.length, 1)
  setFiles(KNOWN)
  const second = await workers.forked(2)
  t.equal(second.assignment.attempt, 2)
  second.end({ status: 'failed', error, phase: null })
  t.match(await untilState(id, 'failed'), { error: { code: 'workflow-invalid' } })
})
