import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { shopSite } from '../../helpers/sites/shop-site.ts'
import { until } from '../../helpers/until.ts'

const workflows = ['shops-in-view']

t.test('the next worker packs the recording of a worker whose console was killed', async t => {
  const site = await shopSite()
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const job = await project.enqueue('shops-in-view', { url: site.url, end: 'waits' })
  const first = await project.schedule()
  await project.atStep(job, 'waiting to be killed')
  await first.kill()
  t.ok(readdirSync(project.paths.recordings).includes(`job_${job}_attempt_1_member_1.jsonl`))
  await project.run(['cancel', String(job)])
  const next = project.start(['--no-tui', '--until-idle'])
  t.equal((await next.ended).code, 0)
  const folder = project.paths.logs('traces', new Date())
  t.same(readdirSync(folder), [`job_${job}_attempt_1_member_1.zip`])
  t.same(readdirSync(project.paths.recordings), [])
})

t.test('keeps traces of successes on request, and no trace if the setting is off', async t => {
  const site = await shopSite()
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const run = ['shops-in-view', '--input', `url=${site.url}`, '--input', 'end=succeeds']
  const traces = () => readdirSync(project.paths.logs('traces', new Date()))
  t.match(await project.run(['run', ...run], { env: { AUTOMATE_TRACE: 'off' } }), { code: 0 })
  t.same(traces(), [])
  t.match(await project.run(['run', ...run], { env: { AUTOMATE_TRACE: 'always' } }), { code: 0 })
  t.same(traces(), ['job_2_attempt_1_member_1.zip'])

  const { code, stderr } = await project.run(['worker', ...run, '--trace'])
  t.equal(code, 0, stderr)
  const [, zipFile = ''] = /^Trace: npx playwright show-trace (.*)$/m.exec(stderr) ?? []
  await until('the named trace', () => existsSync(zipFile))
  t.match(zipFile, /foreground_w\w+\.zip$/)
  t.match(await project.run(['run', ...run], { env: { AUTOMATE_TRACE: 'sometimes' } }), {
    code: 2,
    stderr: /"trace" in AUTOMATE_TRACE \(environment\): must be off, on-failure, always/,
  })
})
