import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { recoveryOf } from '../../../lib/core/errors/recovery.ts'
import { JobReport } from '../../../lib/model/job/job-report.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['recovers']

t.test('each failure gets its recovery within the retries of its job, and the report shows it', async t => {
  const site = await gatedSite('<h1>Sign in</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 4 })
  // The failure, its number of attempts, the name of its error, and the retry that follows.
  const cases = [
    ['crash', 2, 'BrowserCrashError', 'now'],
    ['proxy', 2, 'ProxyError', 'other-proxy'],
    ['session', 2, 'SessionExpiredError', 'other-session'],
    ['element', 2, 'ElementError', 'backoff'],
    ['sold-out', 1, 'SoldOut', 'never'],
    ['text', 1, 'Error', 'never'],
    ['always-crash', 3, 'BrowserCrashError', 'now'],
  ] as const
  const scheduler = await project.schedule()
  const jobs = await Promise.all(cases.map(([how]) => project.enqueue('recovers', { how, url: site.url })))
  for (const [index, [how, attempts]] of cases.entries()) {
    const state = attempts === 2 ? 'succeeded' : 'failed'
    await scheduler.event(`end of ${how}`, line => line['job'] === jobs[index] && line['state'] === state)
  }
  const reports = await Promise.all(jobs.map(job => project.ask(JobReport, 'report', String(job))))

  for (const [index, [how, attempts, name, retry]] of cases.entries()) {
    const report = reports[index]
    if (report === undefined) throw new Error('no report')
    const [first, ...later] = report.members
    t.equal(report.job.attempt, attempts, how)
    t.equal(later.length, attempts - 1)
    const failed = first?.outcome.status === 'failed' ? first.outcome.error : undefined
    t.equal(failed?.name, name, how)
    t.equal(failed === undefined ? undefined : recoveryOf(failed).retry, retry, how)
    t.match(first?.history, [
      { name: 'buy', status: 'failed', step: '<b>shop</b> > door', error: { name }, steps: [{}, {}] },
    ])
    const succeeds = attempts === 2
    t.match(report.job, { state: succeeds ? 'succeeded' : 'failed', failures: succeeds ? 1 : attempts })
    t.equal(report.crashes.length, succeeds ? 1 : attempts)
  }

  const page = await project.run(['report', String(jobs[3])])
  t.equal(page.code, 0)
  const file = join(project.paths.reports, `job_${jobs[3] ?? 0}.html`)
  t.match(page.stdout, file)
  const text = readFileSync(file, 'utf8')
  t.match(text, /Attempt 1, worker 1 of 1[^]*failed[^]*Attempt 2, worker 1 of 1[^]*succeeded/)
  t.match(text, /ElementError[^]*Retried after a pause/)
  t.match(text, '&lt;b&gt;shop&lt;/b&gt; &gt; door')
  t.notMatch(text, '<b>shop')
  t.match(text, /<img [^>]*src="data:image\/png;base64,/)
  t.match(text, `content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`)
  t.notMatch(text, /(src|href)="(?!data:)/, 'the report needs no other file')

  const italian = join(project.root, 'new', 'rapporto.html')
  await project.run(['report', String(jobs[3]), '--output', italian, '--language', 'it'])
  t.ok(existsSync(italian))
  t.match(readFileSync(italian, 'utf8'), /<html lang="it">[^]*Si riprova dopo una pausa/)
  t.match(await project.run(['report', '99']), { code: 2, stderr: /no job 99/ })
})
