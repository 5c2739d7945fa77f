import { newProfileName } from '../../../lib/core/ids.ts'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { OTHER_BUILD_EXIT, PROGRAM } from '../../../lib/core/process/program.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { WORKER, WorkerRun, gatedSite, testBrowser } from '../../helpers/processes/worker-run.ts'
import { until } from '../../helpers/until.ts'

t.test('a worker runs its phases on real Chrome, and its state shows the current phase and step', async t => {
  const site = await gatedSite('<data>42</data>')
  t.teardown(site.close)
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'visits-a-gated-page',
    input: { url: site.url },
  })

  const opening = await run.atStep(`page ${site.url}`)
  t.match(opening, { state: 'busy', outcome: null, history: [] })
  t.match(opening.phase, { index: 1, count: 2, name: 'open' })
  t.equal((opening.phase?.deadlineAt ?? 0) - (opening.phase?.startedAt ?? 0), 60_000)
  t.match(opening.browser, { version: /Chrome/, profile: /chrome_[0-9a-f-]{36}$/ })
  t.ok(existsSync(opening.browser?.profile ?? ''), 'Chrome has its own profile')
  await site.open('/gate')

  const reading = await run.atStep('price')
  t.match(reading.phase, { index: 2, name: 'read' })
  t.match(reading.history, [{ name: 'open', status: 'done', step: `page ${site.url}` }])
  await until('the address of the page', () => run.state()?.url === `${site.url}/gate`)
  await site.open('/second-gate')

  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome(), { outcome: { status: 'succeeded', result: { cents: 42 } }, jobId: 7, attempt: 1 })
  t.match(run.state(), { state: 'exited', outcome: 'succeeded', phase: null })
  t.same(run.profiles(), [], 'the profile is deleted')
  t.same(run.artefacts('chrome'), ['job_7_attempt_1_member_1.log'], "Chrome's output is kept")
  t.match(run.log(), /phase 1\/2 open.*done[^]*the page is opened/)
  t.notMatch(run.log(), 'token=secret')
  t.same(run.crashes(), [])
})

t.test(
  'a throwing phase leaves crash report, picture and outcome without secrets or terminal codes',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const run = await WorkerRun.start({
      root: t.testdir(),
      workflow: 'throws-in-its-second-phase',
      input: { url: site.url },
    })
    t.same(await run.exited, { code: 1, signal: null })

    const [crash, ...more] = run.crashes()
    t.same(more, [])
    t.match(crash, {
      writtenBy: 'worker',
      url: `${site.url}/`,
      browserVersion: /Chrome/,
      phase: { index: 2, count: 2, name: 'add_step', step: 'button Add to cart' },
      error: { name: 'Error', code: 'unexpected', message: 'no button here, see http://shop.test/cart' },
      lastLines: [/browser/],
    })
    t.match(crash?.error.facts, { phase: '2/2 add_step: button Add to cart' })
    t.match(crash?.error.stack, /throws-in-its-second-phase\.ts:14/, 'the stack names the line of the author')
    t.notMatch(JSON.stringify(crash), /token=secret|me:word|\\u001b/)
    const picture = crash?.artefacts.find(artefact => artefact.kind === 'screenshots')
    t.match(picture?.path, /job_7_attempt_1_member_1_phase_2_add_step\.png$/)
    t.ok(existsSync(join(run.paths.root, picture?.path ?? 'none')))
    t.match(run.outcome()?.outcome, { status: 'failed', phase: { name: 'add_step' } })
    t.match(run.state(), {
      state: 'exited',
      outcome: 'failed',
      history: [{ status: 'done' }, { status: 'failed' }],
    })
    t.same(run.profiles(), [])
  },
)

t.test('a missing module and a missing browser fail with their own codes', async t => {
  const missing = await WorkerRun.start({ root: t.testdir(), workflow: join(t.testdirName, 'nowhere.ts') })
  await missing.exited
  t.match(missing.outcome()?.outcome, { status: 'failed', error: { code: 'workflow-missing' }, phase: null })
  t.equal(missing.crashes().length, 1)

  const launch = { executable: join(t.testdirName, 'no-browser') }
  const browserless = await WorkerRun.start({
    root: t.testdirName,
    workflow: 'exits-with-42',
    jobId: 8,
    launch,
  })
  t.same(await browserless.exited, { code: 1, signal: null })
  t.match(browserless.outcome()?.outcome, {
    status: 'failed',
    error: { code: 'browser-launch', message: /ENOENT/ },
  })
  const said = JSON.stringify(browserless.outcome()?.outcome).match(
    /"message":"[^"]*did not start[^"]*did not start/,
  )
  t.equal(said, null, 'the message is not repeated')
})

t.test('an invalid input fails before the first phase, and names the field', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'visits-a-gated-page', input: { url: 3 } })
  await run.exited
  t.match(run.outcome()?.outcome, { status: 'failed', error: { code: 'input-invalid', message: /"url"/ } })
})

t.test('an unhandled rejection fails its phase, and is only logged if the phase has ended', async t => {
  const workflow = 'leaves-stray-rejections'
  const during = await WorkerRun.start({ root: t.testdir(), workflow, input: { during: true } })
  t.match(await during.exited, { code: 1 })
  t.match(during.outcome()?.outcome, {
    status: 'failed',
    error: { message: 'nobody awaits me' },
    phase: { name: 'stray' },
  })
  const after = await WorkerRun.start({ root: t.testdirName, workflow, jobId: 8, input: { during: false } })
  t.same(await after.exited, { code: 0, signal: null })
  t.match(after.outcome()?.outcome, { status: 'succeeded', result: 'unharmed' })
  t.match(after.log(), /an unhandled rejection, from phase stray: nobody awaits me/)
})

t.test('a worker takes its share of a list discovered once, and its best offer is its result', async t => {
  const input = { list: [30, 11, 20, 12, 25] }
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'shares-and-offers',
    input,
    member: 1,
    members: 2,
  })
  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome()?.outcome, { status: 'succeeded', result: 20 })
  t.match(run.log(), /30 accepted, target open[^]*20 accepted[^]*25 refused/)
  t.notMatch(run.log(), /\b1000 (?:accepted|refused)/, 'it is the share of the other worker')
})

t.test("a worker of another build than its scheduler's exits before it begins", async t => {
  const paths = new ProjectPaths(t.testdir())
  const file = join(paths.assignments, 'w7x1.launch.json')
  for (const program of [{ ...PROGRAM, build: 'another' }, undefined]) {
    writeJsonSync(file, { kind: 'launch', version: 1, program, workerId: 'w7x1', root: paths.root })
    const worker = spawnSync(process.execPath, [WORKER, '--launch', file], { encoding: 'utf8' })
    t.match(worker, { status: OTHER_BUILD_EXIT, stderr: '' })
  }
})

t.test('an invalid assignment ends the worker with a message that names the field', async t => {
  const paths = new ProjectPaths(t.testdir())
  const file = join(paths.assignments, 'w7x1.launch.json')
  const profile = newProfileName()
  const launch = { kind: 'launch', version: 1, program: PROGRAM, workerId: 'w7x1', root: paths.root, profile }
  writeJsonSync(file, { ...launch, launch: testBrowser() })
  writeJsonSync(join(paths.assignments, 'w7x1.json'), {
    jobId: 7,
    attempt: 1,
    member: 1,
    abortGraceMs: 'long',
  })
  const worker = spawnSync(process.execPath, [WORKER, '--launch', file], { encoding: 'utf8' })
  t.equal(worker.status, 70)
  t.match(worker.stderr, /w7x1\.json[^]*"abortGraceMs"/)
})
