import t from 'tap'
import { WorkerRun, gatedSite, isAlive } from '../../helpers/processes/worker-run.ts'
import { until } from '../../helpers/until.ts'

t.test('a phase that calls process.exit leaves its phase and step in its state, and no Chrome', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'exits-with-42' })
  t.same(await run.exited, { code: 42, signal: null })
  const state = run.state()
  t.match(state?.phase, { index: 1, name: 'leave', step: 'out of the door' })
  t.equal(run.outcome(), undefined, 'the outcome is left to Control')
  t.match(run.log(), /code in the process ended it with exit code 42[^]*exits-with-42\.ts/)
  await until('Chrome to be gone', () => !isAlive(state?.browser?.pid ?? 0))
})

t.test('a worker killed in a phase leaves its phase and step in its state, and no Chrome', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'visits-a-gated-page',
    input: { url: site.url },
  })
  const { browser } = await run.atStep(`page ${site.url}`)
  run.child.kill('SIGKILL')
  t.match(await run.exited, { signal: 'SIGKILL' })
  t.match(run.state()?.phase, { index: 1, name: 'open', step: `page ${site.url}` })
  await until('Chrome to be gone', () => !isAlive(browser?.pid ?? 0))
})

t.test('a phase with a promise that never settles ends at its timeout', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'never-settles' })
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
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'watches-its-signal',
    abortGraceMs: 60_000,
  })
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
  t.notOk(isAlive(browser?.pid ?? 0), 'Chrome ends before the worker')
})

t.test('a stop does not wait for a phase that ignores its signal', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const workflow = 'visits-a-gated-page'
  // With a grace of an hour this test would never end.
  const run = await WorkerRun.start({
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

t.test('a worker whose parent disconnects exits at once, with its Chrome', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'visits-a-gated-page',
    input: { url: site.url },
  })
  const { browser } = await run.atStep(`page ${site.url}`)
  run.child.disconnect()
  t.match(await run.exited, { code: 1 })
  await until('Chrome to be gone', () => !isAlive(browser?.pid ?? 0))
  t.equal(run.outcome(), undefined)
  t.same(run.crashes(), [])
})

t.test('a worker whose parent has already disconnected exits without a browser', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'never-settles' })
  run.child.disconnect()
  await run.exited
  t.equal(run.outcome(), undefined)
  t.equal(run.state(), undefined)
})

t.test('a killed browser fails the phase at once, as browser-crash', async t => {
  const site = await gatedSite('')
  t.teardown(site.close)
  const run = await WorkerRun.start({
    root: t.testdir(),
    workflow: 'visits-a-gated-page',
    input: { url: site.url },
  })
  const { browser } = await run.atStep(`page ${site.url}`)
  process.kill(browser?.pid ?? 0, 'SIGKILL')
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.outcome()?.outcome, {
    status: 'failed',
    error: { code: 'browser-crash', facts: { phase: `1/2 open: page ${site.url}` } },
  })
  t.equal(run.crashes().length, 1)
})

t.test('an error thrown outside of promises is reported and ends the worker', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'throws-outside-of-promises' })
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.crashes(), [{ error: { name: 'TypeError' }, phase: { name: 'wait', step: 'for a callback' } }])
  t.match(run.outcome()?.outcome, { status: 'failed', error: { message: 'thrown by a callback' } })
  const pid = run.state()?.browser?.pid ?? 0
  await until('Chrome to be gone', () => !isAlive(pid))
})

t.test('a crashed page fails the phase at once, and leaves a crash dump', async t => {
  const run = await WorkerRun.start({ root: t.testdir(), workflow: 'crashes-its-page' })
  t.same(await run.exited, { code: 1, signal: null })
  t.match(run.outcome()?.outcome, {
    status: 'failed',
    error: { code: 'browser-crash' },
    phase: { step: 'chrome://crash' },
  })
  const dumps = run.crashDumps()
  t.ok(
    dumps.some(name => name.endsWith('.dmp')),
    dumps.join(),
  )
})
