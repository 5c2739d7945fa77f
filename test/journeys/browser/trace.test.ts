import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t from 'tap'
import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../../lib/model/failure/crash.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { shopSite } from '../../helpers/sites/shop-site.ts'
import { TraceViewer } from '../../helpers/terminal/trace-viewer.ts'
import { until } from '../../helpers/until.ts'

/** Windows has no equivalent of SIGSTOP. */
const STOPS = process.platform === 'win32' ? [] : (['stops-its-browser'] as const)

/** True if a recording holds the page on which the worker waits. */
function recorded(folder: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .flatMap(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1').split('\n'))
    .some(line => line.includes('"frame-snapshot"') && line.includes('"paid"'))
}

t.test('each failure has a trace, also of a killed worker, and a picture, also of a frozen page', async t => {
  const site = await shopSite()
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['shops-in-view'], workers: 3 })
  const scheduler = await project.schedule()
  const queue = (end: string) => project.queue('shops-in-view', { url: site.url, end })
  const killed = await queue('waits')
  const { pid } = await project.atStep(killed, 'waiting to be killed')
  // The recording of a page is written continuously, and follows its step after a moment.
  await until('the page of that step in the recording', () => recorded(project.paths.recordings))
  process.kill(pid, 'SIGKILL')
  const ends = ['fails', 'blocks-its-page', 'succeeds', ...STOPS] as const
  const [failed = 0, blocked = 0, succeeded = 0, ...stopped] = await Promise.all(ends.map(queue))
  for (const job of [killed, failed, blocked, ...stopped, succeeded])
    await scheduler.event(
      `the end of job ${job}`,
      line => line['job'] === job && /^(failed|succeeded)$/.test(String(line['state'])),
    )
  scheduler.signal('SIGTERM')
  await scheduler.ended

  const crashes = await project.ask(z.array(CrashSummary), 'crashes')
  const artefact = (job: number, kind: string) => {
    const crash = crashes.find(({ jobId }) => jobId === job)
    const path = crash?.artefacts.find(one => one.kind === kind)?.path ?? `no ${kind} of job ${job}`
    return join(project.root, path)
  }
  for (const job of [killed, failed, blocked, ...stopped]) {
    t.match(artefact(job, 'traces'), new RegExp(`traces.job_${job}_attempt_1_member_1\\.zip$`))
    t.ok(existsSync(artefact(job, 'traces')))
  }
  t.match(
    artefact(failed, 'screenshots'),
    /phase_2_pay\.png$/,
    'a responsive page has a screenshot of its end',
  )
  for (const job of [killed, blocked, ...stopped]) {
    t.match(artefact(job, 'screenshots'), /phase_\d_(pay|close)_last-frame\.jpeg$/)
    t.same(
      [...readFileSync(artefact(job, 'screenshots')).subarray(0, 2)],
      [0xff, 0xd8],
      'the picture is a JPEG',
    )
  }
  t.notOk(existsSync(join(artefact(failed, 'traces'), '..', `job_${succeeded}_attempt_1_member_1.zip`)))
  t.same(readdirSync(project.paths.recordings), [], 'no unpacked recording remains, not even of successes')

  const crash = crashes.find(({ jobId }) => jobId === failed)
  const { stdout } = await project.run(['crashes', String(crash?.id), '--language', 'it'])
  t.match(stdout, `Per aprire la traccia: npx playwright show-trace ${artefact(failed, 'traces')}`)
  t.match(await project.ask(CrashReport, 'crashes', String(crash?.id)), { writtenBy: 'worker' })

  for (const job of [killed, failed]) {
    const entries = Object.entries(unzipSync(readFileSync(artefact(job, 'traces'))))
    const telling = entries.filter(([, bytes]) => /\w-secret/.test(Buffer.from(bytes).toString('latin1')))
    t.same(
      telling.map(([name]) => name),
      [],
      'no secret is in the trace',
    )
  }

  t.test('opens the trace in the viewer', async t => {
    const viewer = await TraceViewer.open(t, artefact(failed, 'traces'))
    await viewer.shows('1/3 open_shop', '2/3 pay', 'counting')
    await viewer.expand('1/3 open_shop', 'the front door', 'the till')
    await viewer.expand('the till', 'type', /click \d+, \d+/)
    await viewer.openTab('Errors', 'the till is broken')
    await viewer.openTab('Console', 'a bottle was bought, token=***', 'the slip is printed, token=***')
    await viewer.openTab('Network', 'shop?access_token=***&page=2', 'style.css', 'application/json')
    await viewer.filmed()
    await viewer.pictures('Wine for everyone', 'rgb(1, 2, 3)')
  })

  t.test('the trace of a killed worker ends at the kill', async t => {
    const viewer = await TraceViewer.open(t, artefact(killed, 'traces'))
    await viewer.shows('1/3 open_shop', '2/3 pay', 'waiting to be killed')
    await viewer.openTab('Errors', 'SIGKILL')
    await viewer.filmed()
    await viewer.pictures('paid', 'rgb(1, 2, 3)')
  })
})
