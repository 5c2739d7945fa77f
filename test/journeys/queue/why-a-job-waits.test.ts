import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { localTime } from '../../../lib/core/time/local-time.ts'
import { SchedulerDocument } from '../../../lib/model/worker/documents.ts'
import { Job } from '../../../lib/model/job/job.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { enqueue, jobIn, runningJob } from '../../helpers/store/job-store.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const HOUR_MS = 3_600_000
const Waiting = Job.extend({ waits: z.array(z.looseObject({ for: z.string() })) })

const told = async (project: JourneyProject, id: number, language = 'en') =>
  (await project.run(['jobs', String(id), '--language', language])).stdout

const waits = async (project: JourneyProject, id: number) =>
  (await project.ask(Waiting, 'jobs', String(id))).waits

const NONE_RUNS = { for: 'scheduler', phase: 'none' }

t.test('a waiting job shows its blocker in the store, and that no scheduler runs', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: [] })
  const store = await openTestStore(t, project.paths, 'transient')
  const now = systemClock.now()
  const dueAt = now + HOUR_MS
  const user = await runningJob(store)
  const account = { site: 'street', account: 'anna' }
  const lease = { ...account, attempt: 1, sole: true }
  await store.call('sessions.acquire', { ...lease, workerId: 'w1', jobId: user })
  const refused = await runningJob(store)
  await store.call('sessions.acquire', { ...lease, workerId: 'w2', jobId: refused })
  await store.call('jobs.finish', { id: refused, attempt: 1, state: 'interrupted' })
  const alone = await enqueue(store)
  const late = await enqueue(store, { dueAt })
  const behind = await enqueue(store, { after: [user, late] })
  const elsewhere = await enqueue(store, { domains: ['www.shop.example'] })
  const { until: opensAt } = await store.call('domains.pause', {
    ...{ domain: 'shop.example', status: 429, retryAfterMs: HOUR_MS, jobId: null },
  })
  const held = await enqueue(store)
  const reason = { why: 'cooling', proxies: 1 } as const
  await store.call('jobs.defer', { id: held, until: dueAt, reason })
  await store.close()

  t.match(await told(project, alone), /^why +No scheduler is running: no job starts\. Start it/m)
  t.match(await told(project, alone, 'it'), /^perché +Nessuno scheduler attivo: nessun lavoro parte/m)
  t.same(await waits(project, alone), [NONE_RUNS])

  const at = localTime(dueAt)
  t.match(await told(project, late), new RegExp(`^why +is not due before ${at}$`, 'm'))
  t.same(await waits(project, late), [NONE_RUNS, { for: 'due', at: dueAt, reason: null }])

  t.match(
    await told(project, held),
    new RegExp(`^why +waits for a proxy: its only one has failed .*; checked again at ${at}$`, 'm'),
  )
  t.same(await waits(project, held), [NONE_RUNS, { for: 'due', at: dueAt, reason }])

  t.match(await told(project, behind), `waits for #${user} running, #${late} queued\n`)
  t.match(await told(project, behind, 'it'), `aspetta #${user} in corso, #${late} in coda\n`)
  const open = [
    { id: user, state: 'running' },
    { id: late, state: 'queued' },
  ]
  t.same(await waits(project, behind), [NONE_RUNS, { for: 'jobs', jobs: open }])

  t.match(await told(project, refused), `waits for account street/anna, which job ${user} uses\n`)
  t.same(await waits(project, refused), [NONE_RUNS, { for: 'account', ...account, jobId: user }])

  t.match(await told(project, elsewhere), `shop.example asks to wait until ${localTime(opensAt).slice(11)}\n`)
  t.same(await waits(project, elsewhere), [
    NONE_RUNS,
    { for: 'pause', domain: 'shop.example', until: opensAt, status: 429 },
  ])

  t.same(await waits(project, user), [], 'a running job waits for nothing')
  t.notMatch(await told(project, user), /^why/m)
})

t.test('a parked job shows the reason and a remedy, and the remedy brings it back', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: [] })
  const store = await openTestStore(t, project.paths, 'transient')
  const id = await jobIn(store, 'parked')
  await store.close()
  const text = await told(project, id)
  t.match(text, /^why +its scheduler died 3 times while this job ran: the job may be the cause$/m)
  const next = new RegExp(`automate-tui retry ${id}$`, 'm')
  t.match(text, /^next +read its log, then: /m)
  t.match(text, next)
  const italian = await told(project, id, 'it')
  t.match(italian, /^perché +il suo scheduler è morto 3 volte mentre il lavoro era in corso/m)
  t.match(italian, next)
  t.same(await waits(project, id), [{ for: 'retry-by-hand', deaths: 3 }])
  t.equal((await project.run(['retry', String(id)])).code, 0)
  t.same(await waits(project, id), [NONE_RUNS])
  t.notMatch(await told(project, id), /^next/m)
})

t.test('a job that was requeued by hand has all its retries again, and shows that', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: [] })
  const store = await openTestStore(t, project.paths, 'transient')
  const id = await runningJob(store, { retries: 1 })
  const error = errorRecord('no shop')
  await store.call('jobs.finish', { id, attempt: 1, state: 'retrying', error })
  await store.call('jobs.claim', { id })
  await store.call('jobs.finish', { id, attempt: 2, state: 'failed', error })
  await store.close()
  t.match(await told(project, id), /^attempt +2, retries used 1 of 1$/m)
  t.equal((await project.run(['retry', String(id)])).code, 0)
  t.match(await told(project, id), /^attempt +2, retries used 0 of 1$/m)
  t.match(await told(project, id, 'it'), /^tentativo +2, ripetizioni usate 0 su 1$/m)
})

t.test('another job shows that it waits for a scheduler while `run` performs its own', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits'], workers: 1 })
  const input = { url: `${site.url}/gate` }
  const other = await project.enqueue('visits', input)
  const run = project.start(['run', 'visits', '--input', `url=${input.url}`])
  await run.says('2/3 open')
  t.same(await waits(project, other), [{ for: 'scope' }])
  t.match(
    await told(project, other),
    /^why +waits for a scheduler: .*only runs the job of "automate-tui run"$/m,
  )
  await site.open('/gate')
  t.equal((await run.ended).code, 0)
  t.same(await waits(project, other), [NONE_RUNS])
})

t.test('a waiting job shows the limit that is reached, and that the scheduler is paused', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), {
    workflows: ['asks-a-shop', 'one-at-a-time', 'succeeds-late'],
    files: {
      'automate.config.ts': `export default ${JSON.stringify({
        ...{ workers: 2, warmWorkers: 0, domainWorkers: ['127.0.0.1=1'] },
        workflows: ['journeys'],
      })}\n`,
    },
  })
  await project.schedule()
  const here = { url: `${site.url}/gate-1` }
  const there = { url: `${site.url}/gate-2`.replace('127.0.0.1', 'localhost') }
  await project.atStep(await project.enqueue('asks-a-shop', here), 'door')
  await project.atStep(await project.enqueue('one-at-a-time', there), 'door')
  await until('the scheduler to say that both are at work', () => {
    const scheduler = readJsonIfExistsSync(project.paths.schedulerState, SchedulerDocument)
    return scheduler?.active === 2
  })

  const atShop = await project.enqueue('asks-a-shop', here)
  const domain = { for: 'domain', domain: '127.0.0.1', workers: 1, most: 1 }
  t.same(await waits(project, atShop), [domain])
  t.match(await told(project, atShop), /^why +waits for a worker to leave 127\.0\.0\.1: 1 of 1 /m)
  t.match(
    await told(project, atShop, 'it'),
    /^perché +aspetta che un worker lasci 127\.0\.0\.1: presenti 1 su 1 /m,
  )

  const second = await project.enqueue('one-at-a-time', there)
  const concurrency = { for: 'concurrency', workflow: 'one-at-a-time', running: 1, most: 1 }
  t.same(await waits(project, second), [concurrency])
  t.match(await told(project, second), /^why +waits for a job of one-at-a-time to end: 1 of 1 /m)
  t.match(
    await told(project, second, 'it'),
    /^perché +aspetta la fine di un lavoro di one-at-a-time: in corso 1 su 1 /m,
  )

  const other = await project.enqueue('succeeds-late', { at: 1 })
  t.same(await waits(project, other), [{ for: 'slots', taken: 2, slots: 2, needs: 1 }])
  t.match(
    await told(project, other),
    /^why +waits for free workers: 2 of 2 are in use, and the job needs 1$/m,
  )

  t.equal((await project.run(['services', 'stop', 'scheduler'])).code, 0)
  t.same(await waits(project, other), [{ for: 'scheduler', phase: 'paused' }])
  t.match(await told(project, other), /^why +The scheduler is paused .*services start scheduler$/m)
  t.match(await told(project, other, 'it'), /^perché +Lo scheduler è in pausa /m)
})

t.test('a waiting job shows that its proxies have no free slot', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const { url: proxy } = await ForwardProxy.start(t)
  const project = new JourneyProject(t, newFolder(), {
    workflows: ['through-proxy'],
    files: {
      'automate.config.ts': `export default ${JSON.stringify({
        ...{ workers: 3, warmWorkers: 0, proxies: [proxy], proxyWorkers: 1 },
        workflows: ['journeys'],
      })}\n`,
    },
  })
  await project.schedule()
  const input = { url: site.url, gate: join(project.root, 'gate') }
  await project.atStep(await project.enqueue('through-proxy', input), 'gate')
  await until('the scheduler to say what its proxies have room for', () => {
    const scheduler = readJsonIfExistsSync(project.paths.schedulerState, SchedulerDocument)
    return scheduler?.active === 1 && scheduler.proxyRoom === 1
  })
  const next = await project.enqueue('through-proxy', input)
  t.same(await waits(project, next), [{ for: 'proxies', workers: 1, most: 1 }])
  t.match(await told(project, next), /^why +waits for a proxy: 1 of 1 .*\(proxyWorkers\)$/m)
  t.match(await told(project, next, 'it'), /^perché +aspetta che si liberi un proxy: .* 1 posti su 1 /m)
})
