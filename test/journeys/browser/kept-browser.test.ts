import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import type { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { Job } from '../../../lib/model/job/job.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const Targets = z.array(z.object({ type: z.string(), url: z.string() }))

async function shop(t: Test, workers: number) {
  const site = await gatedSite('<h1>Sold out</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['keeps'], workers })
  const kept = (job: number): Promise<WorkerDocument> =>
    until(`an open browser of job ${job}`, () =>
      project.workers().find(one => one.state === 'kept' && one.job?.jobId === job),
    )
  const gone = (workerId: string) =>
    until(`the end of ${workerId}`, () => !existsSync(join(project.paths.workerStates, `${workerId}.json`)))
  return { site, project, kept, gone }
}

/** Returns the addresses of the pages that DevTools reports for the browser. */
async function pagesOf({ browser }: WorkerDocument): Promise<string[]> {
  const answer = await fetch(`${browser?.devtools ?? ''}/json/list`)
  return Targets.parse(await answer.json())
    .filter(({ type }) => type === 'page')
    .map(({ url }) => url)
}

t.test(
  'holds a failed browser open in the next attempt, until it is closed or the scheduler is killed',
  async t => {
    const { site, project, kept, gone } = await shop(t, 2)
    const scheduler = await project.schedule('--cdp', 'port')
    const job = await project.enqueue('keeps', { url: site.url })
    const worker = await kept(job)
    const ended = (line: { event: string }) =>
      line.event === 'job' && 'state' in line && line.state === 'succeeded'
    t.match(await scheduler.event('the success of the second attempt', ended), { job, attempt: 2 })
    t.same(await pagesOf(worker), [`${site.url}/`])
    t.match(await project.ask(z.array(z.unknown()), 'crashes'), [{ jobId: job, errorCode: 'element' }])
    t.match(
      scheduler.events().find(({ event }) => event === 'worker.kept'),
      {
        worker: worker.workerId,
        devtools: worker.browser?.devtools,
      },
    )
    const words = new RegExp(
      `${worker.workerId}.*browser open until [^,]*, ${worker.browser?.devtools ?? ''}`,
    )
    const status = await project.run(['status'])
    t.match(status.stdout, words)
    t.match(status.stdout, /^Scheduler scheduling, 1 of 2 workers, /, 'the held browser takes a slot')
    t.match((await project.run(['takeover'])).stdout, words)
    t.match(await project.run(['picture', worker.workerId, join(project.root, 'page.png')]), { code: 0 })

    t.match(await project.run(['takeover', 'close', String(job)]), { code: 0, stdout: /closes its browser/ })
    await gone(worker.workerId)
    await t.rejects(pagesOf(worker), 'the DevTools port is closed')
    t.match(await project.run(['takeover', 'close', String(job)]), { code: 2, stderr: /has no held browser/ })

    t.comment('a killed scheduler leaves no browser open')
    const left = await kept(await project.enqueue('keeps', { url: site.url }))
    const family = processTreeOf(scheduler.pid)
    scheduler.signal('SIGKILL')
    await untilNothingIsLeft(family, project.root)
    await t.rejects(pagesOf(left))
    await project.schedule()
    t.notOk(existsSync(join(project.paths.workerStates, `${left.workerId}.json`)))
  },
)

t.test('a held browser takes a slot exactly for the time of keepBrowserFor', async t => {
  const { site, project, kept, gone } = await shop(t, 1)
  const env = { AUTOMATE_KEEP_BROWSER_FOR: '2s', AUTOMATE_CDP: 'port' }
  const scheduler = project.start(['--no-tui', '--json'], { env })
  const job = await project.enqueue('keeps', { url: site.url })
  const worker = await kept(job)
  t.equal(Number(worker.kept?.until) - Number(worker.kept?.since), 2_000)
  await gone(worker.workerId)
  const closedAt = Date.now()
  await scheduler.event('the success', line => line.event === 'job' && line['state'] === 'succeeded')
  const { attemptStartedAt } = await project.ask(Job, 'jobs', String(job))
  t.ok(Number(attemptStartedAt) >= Number(worker.kept?.until), 'the second attempt waited for the slot')
  t.ok(closedAt >= Number(worker.kept?.until))
})

t.test('an exit with the empty queue does not wait for a held browser, and frees its slot', async t => {
  const { site, project } = await shop(t, 1)
  const job = await project.enqueue('keeps', { url: site.url })
  const end = await project.run(['--no-tui', '--json', '--until-idle', '--cdp', 'port'])
  t.equal(end.code, 0, end.stderr)
  t.match((await project.run(['logs'])).stdout, /is held open for at most/)
  t.match(await project.ask(Job, 'jobs', String(job)), { state: 'succeeded', attempt: 2 })

  t.comment('closes a browser without a window or a port, and logs the reason')
  const closed = await project.enqueue('keeps', { url: site.url })
  t.match(await project.run(['--no-tui', '--until-idle']), { code: 0 })
  t.match(await project.ask(z.array(z.unknown()), 'crashes'), [{ jobId: closed }, { jobId: job }])
  const logs = await project.run(['logs'])
  t.match(logs.stdout, /the browser is not held open, because it has neither a window nor a DevTools port/)
})
