import t from 'tap'
import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../../lib/model/failure/crash.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { JourneyProject, profileName } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const ADD = { index: 2, count: 3, name: 'add_step', step: 'button Add to cart' }
const WAIT = { index: 3, count: 3, name: 'wait', step: 'the gate' }

t.test('workers fail in every way while the other workers continue', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits', 'fails', 'succeeds-late'] })
  const scheduler = await project.schedule()

  const visits = await Promise.all(
    [1, 2, 3, 4].map(n => project.enqueue('visits', { n, url: `${site.url}/gate-${n}` })),
  )
  const four = await Promise.all(visits.map((job, index) => project.atStep(job, `page ${index + 1}`)))
  t.same(
    four.map(({ phase }) => [phase?.index, phase?.count, phase?.name]),
    four.map(() => [2, 3, 'open']),
  )
  t.equal(new Set(four.map(({ pid }) => pid)).size, 4)
  t.equal(new Set(four.map(({ browser }) => browser?.pid)).size, 4)
  t.equal(new Set(four.map(profileName)).size, 4)
  for (const worker of four)
    t.match(profileName(worker), /^chrome_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  const bystanders = visits.slice(0, 2)
  for (const n of [3, 4]) await site.open(`/gate-${n}`)

  const faults = ['throws', 'exits', 'blocks', 'waits', 'waits'] as const
  const jobs = await Promise.all(faults.map(how => project.enqueue('fails', { how, url: site.url })))
  const late = await project.enqueue('succeeds-late', { at: 3 })
  const [threw, exited, blocked, killed, browserless] = jobs
  process.kill((await project.atStep(killed ?? 0, 'the gate')).pid, 'SIGKILL')
  process.kill((await project.atStep(browserless ?? 0, 'the gate')).browser?.pid ?? 0, 'SIGKILL')
  for (const job of jobs)
    await scheduler.event(`end of job ${job}`, line => line['job'] === job && line['state'] === 'failed')

  const crashes = await project.ask(z.array(CrashSummary), 'crashes')
  const expected = new Map([
    [threw, { phase: ADD, message: 'no such button' }],
    [exited, { phase: ADD, errorCode: 'worker-exit', message: /exit code 42/ }],
    [blocked, { phase: ADD, errorCode: 'phase-timeout' }],
    [killed, { phase: WAIT, errorCode: 'worker-exit', message: /SIGKILL|exit code/ }],
    [browserless, { phase: WAIT, errorCode: 'browser-crash' }],
  ])
  for (const [job, crash] of expected) {
    t.match(
      crashes.filter(({ jobId }) => jobId === job),
      [crash],
    )
  }
  const exit = crashes.find(({ jobId }) => jobId === exited)
  t.match(await project.ask(CrashReport, 'crashes', String(exit?.id)), { writtenBy: 'control', exitCode: 42 })

  const retried = await scheduler.event(
    'the third attempt',
    line => line.event === 'result' && line['job'] === late,
  )
  t.same(retried['result'], { attempt: 3 })
  t.equal(
    (await project.ask(z.array(CrashSummary), 'crashes')).filter(({ jobId }) => jobId === late).length,
    2,
    'each failed attempt has one report',
  )

  t.same(
    project
      .workers()
      .map(({ job }) => job?.jobId)
      .sort(),
    bystanders.toSorted(),
    'the bystanders still run',
  )
  for (const n of [1, 2]) await site.open(`/gate-${n}`)
  for (const [index, job] of bystanders.entries()) {
    const { result } = await scheduler.event(
      'a result',
      line => line.event === 'result' && line['job'] === job,
    )
    t.same(result, { n: index + 1, heading: 'Shop' })
  }
  t.match(
    (await project.ask(z.array(JobSummary), 'jobs')).map(({ id, state, attempt, failures }) => [
      id,
      state,
      attempt,
      failures,
    ]),
    [
      [late, 'succeeded', 3, 2],
      ...jobs.map(id => [id, 'failed', 1, 1]),
      ...visits.map(id => [id, 'succeeded', 1, 0]),
    ].sort(([a], [b]) => Number(b) - Number(a)),
  )
  const family = processTreeOf(scheduler.pid)
  scheduler.signal('SIGTERM')
  await scheduler.ended
  await untilNothingIsLeft(family, project.root)
})
