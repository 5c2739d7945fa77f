import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WorkerRun, gatedSite, isAlive } from '../helpers/worker-run.ts'
import { until } from '../helpers/until.ts'

t.test(
  'a worker runs its phases on real Chrome, and its state shows phase and step while it runs',
  async t => {
    const site = await gatedSite('<data>42</data>')
    t.teardown(site.close)
    const run = new WorkerRun({
      root: t.testdir(),
      workflow: 'visits-a-gated-page',
      input: { url: site.url },
    })

    const opening = await run.atStep(`page ${site.url}`)
    t.match(opening, { state: 'busy', outcome: null, history: [] })
    t.match(opening.phase, { index: 1, count: 2, name: 'open' })
    t.equal((opening.phase?.deadlineAt ?? 0) - (opening.phase?.startedAt ?? 0), 60_000)
    t.match(opening.browser, { version: /Chrome/, profile: /chrome_[0-9a-f-]{36}$/ })
    t.ok(existsSync(opening.browser?.profile ?? ''), 'Chrome has a profile of its own')
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
  },
)

t.test(
  'a phase that throws leaves a crash report, a picture and an outcome, without secrets or terminal codes',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const run = new WorkerRun({
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
      error: { name: 'Error', code: 'unexpected', message: 'no button ␛here␛, see http://shop.test/cart' },
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

t.test(
  'a phase that calls process.exit leaves its phase and step in the state file and no Chrome',
  async t => {
    const run = new WorkerRun({ root: t.testdir(), workflow: 'exits-with-42' })
    t.same(await run.exited, { code: 42, signal: null })
    const state = run.state()
    t.match(state?.phase, { index: 1, name: 'leave', step: 'out of the door' })
    t.equal(run.outcome(), undefined, 'the outcome is left to Control')
    t.match(run.log(), /ended from within, with exit code 42[^]*exits-with-42\.ts/)
    await until('Chrome to be gone', () => !isAlive(state?.browser?.pid ?? 0))
  },
)

t.test('a worker killed in a phase leaves its phase and step in the state file and no Chrome', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = new WorkerRun({ root: t.testdir(), workflow: 'visits-a-gated-page', input: { url: site.url } })
  const { browser } = await run.atStep(`page ${site.url}`)
  run.child.kill('SIGKILL')
  t.match(await run.exited, { signal: 'SIGKILL' })
  t.match(run.state()?.phase, { index: 1, name: 'open', step: `page ${site.url}` })
  await until('Chrome to be gone', () => !isAlive(browser?.pid ?? 0))
})

t.test('a phase whose promise never settles ends at its limit', async t => {
  const run = new WorkerRun({ root: t.testdir(), workflow: 'never-settles' })
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.outcome()?.outcome, {
    status: 'timed-out',
    error: { code: 'phase-timeout', message: /1000 ms/ },
    phase: { name: 'wait', step: 'for ever' },
  })
  t.match(run.crashes(), [{ error: { code: 'phase-timeout' } }])
  t.match(run.artefacts('screenshots'), [/phase_1_wait/])
  t.match(run.state()?.history, [{ status: 'timed-out' }])
})

t.test('a stop lets a phase that watches its signal tidy up, and is no crash', async t => {
  const run = new WorkerRun({ root: t.testdir(), workflow: 'watches-its-signal', abortGraceMs: 60_000 })
  const { browser } = await run.atStep('for the stop')
  run.tell({ type: 'stop', reason: 'target-met' })
  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome()?.outcome, {
    status: 'cancelled',
    reason: 'target-met',
    phase: { index: 1, name: 'wait', step: 'for the stop' },
  })
  t.match(run.state(), { state: 'exited', outcome: 'cancelled', history: [{ status: 'cancelled' }] })
  t.match(run.log(), 'tidied up on about:blank')
  t.same(run.crashes(), [])
  t.same(run.profiles(), [])
  t.notOk(isAlive(browser?.pid ?? 0), 'Chrome is gone before the worker is')
})

t.test('a stop does not wait for a phase that never looks at its signal', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const workflow = 'visits-a-gated-page'
  // With a grace of an hour this test would never end.
  const run = new WorkerRun({
    root: t.testdir(),
    workflow,
    input: { url: site.url },
    abortGraceMs: 3_600_000,
  })
  await run.atStep(`page ${site.url}`)
  run.tell({ type: 'stop', reason: 'cancelled' })
  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome()?.outcome, { status: 'cancelled', phase: { name: 'open', step: `page ${site.url}` } })
})

t.test('a worker whose parent lets go leaves at once, with its Chrome', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = new WorkerRun({ root: t.testdir(), workflow: 'visits-a-gated-page', input: { url: site.url } })
  const { browser } = await run.atStep(`page ${site.url}`)
  run.child.disconnect()
  t.match(await run.exited, { code: 1 })
  await until('Chrome to be gone', () => !isAlive(browser?.pid ?? 0))
  t.equal(run.outcome(), undefined)
  t.same(run.crashes(), [])
})

t.test('a worker that starts when its parent has let go already leaves without a browser', async t => {
  const run = new WorkerRun({ root: t.testdir(), workflow: 'never-settles' })
  run.child.disconnect()
  await run.exited
  t.equal(run.outcome(), undefined)
  t.equal(run.state(), undefined)
})

t.test('a browser that is killed fails the phase at once, by that name', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = new WorkerRun({ root: t.testdir(), workflow: 'visits-a-gated-page', input: { url: site.url } })
  const { browser } = await run.atStep(`page ${site.url}`)
  process.kill(browser?.pid ?? 0, 'SIGKILL')
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.outcome()?.outcome, {
    status: 'failed',
    error: { code: 'browser-crash', facts: { phase: `1/2 open: page ${site.url}` } },
  })
  t.equal(run.crashes().length, 1)
})

t.test('a module that does not exist, and a browser that does not, fail with codes of their own', async t => {
  const missing = new WorkerRun({ root: t.testdir(), workflow: join(t.testdirName, 'nowhere.ts') })
  await missing.exited
  t.match(missing.outcome()?.outcome, { status: 'failed', error: { code: 'workflow-missing' }, phase: null })
  t.equal(missing.crashes().length, 1)

  const launch = { executable: join(t.testdirName, 'no-browser') }
  const browserless = new WorkerRun({ root: t.testdirName, workflow: 'exits-with-42', jobId: 8, launch })
  t.same(await browserless.exited, { code: 1, signal: null })
  t.match(browserless.outcome()?.outcome, {
    status: 'failed',
    error: { code: 'browser-launch', message: /ENOENT/ },
  })
})

t.test('an input that does not fit fails before the first phase and names the field', async t => {
  const run = new WorkerRun({ root: t.testdir(), workflow: 'visits-a-gated-page', input: { url: 3 } })
  await run.exited
  t.match(run.outcome()?.outcome, { status: 'failed', error: { code: 'input-invalid', message: /"url"/ } })
})

t.test(
  'a rejection nobody awaits fails the phase it comes from, and is only recorded when that has ended',
  async t => {
    const workflow = 'leaves-stray-rejections'
    const during = new WorkerRun({ root: t.testdir(), workflow, input: { during: true } })
    t.match(await during.exited, { code: 1 })
    t.match(during.outcome()?.outcome, {
      status: 'failed',
      error: { message: 'nobody awaits me' },
      phase: { name: 'stray' },
    })
    const after = new WorkerRun({ root: t.testdirName, workflow, jobId: 8, input: { during: false } })
    t.same(await after.exited, { code: 0, signal: null })
    t.match(after.outcome()?.outcome, { status: 'succeeded', result: 'unharmed' })
    t.match(after.log(), /nobody awaited, from phase stray: nobody awaits me/)
  },
)

t.test('an error that no promise holds is reported and ends the worker', async t => {
  const run = new WorkerRun({ root: t.testdir(), workflow: 'throws-outside-of-promises' })
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.crashes(), [{ error: { name: 'TypeError' }, phase: { name: 'wait', step: 'for a callback' } }])
  t.match(run.outcome()?.outcome, { status: 'failed', error: { message: 'thrown by a callback' } })
  const pid = run.state()?.browser?.pid ?? 0
  await until('Chrome to be gone', () => !isAlive(pid))
})

t.test('a worker takes its share of a list discovered once, and its best offer is its result', async t => {
  const input = { list: [30, 11, 20, 12, 25] }
  const run = new WorkerRun({
    root: t.testdir(),
    workflow: 'shares-and-offers',
    input,
    member: 1,
    members: 2,
  })
  t.same(await run.exited, { code: 0, signal: null })
  t.match(run.outcome()?.outcome, { status: 'succeeded', result: 20 })
  t.match(run.log(), /30 accepted, target open[^]*20 accepted[^]*25 refused/)
  t.notMatch(run.log(), '1000')
})
