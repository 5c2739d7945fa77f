import t from 'tap'
import { WorkerRun, gatedSite } from '../../helpers/processes/worker-run.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const site = await gatedSite('<h1>Shop</h1>')
t.teardown(site.close)
let jobId = 0
const start = (how: string) =>
  WorkerRun.start({
    root: newFolder(),
    workflow: 'tries-again',
    jobId: ++jobId,
    input: { url: site.url, how },
  })

const inTry = (run: WorkerRun, index: number) =>
  until(`try ${index}`, () => (run.state()?.phase?.try?.index === index ? run.state() : undefined))

t.test('retries a phase by itself, each try with its own timeout and a record with steps', async t => {
  const run = await start('well')
  const second = await inTry(run, 2)
  t.match(second.phase, { index: 1, name: 'open', try: { index: 2, count: 6 } })
  t.match(second.history, [
    { name: 'open', status: 'timed-out', step: 'the gate', error: { name: 'PhaseTimeoutError' } },
  ])
  await site.open('/gate-well')
  t.same(await run.exited, { code: 0, signal: null })
  const document = run.outcome()
  t.match(document?.outcome, { status: 'succeeded', result: 'true' })
  const tries = document?.history.filter(({ name }) => name === 'buy') ?? []
  t.match(
    tries.map(({ try: current, status, step, error }) => [current?.index, status, step, error?.message]),
    [
      [1, 'failed', 'shop > cart > look', 'queue of 1'],
      [2, 'failed', 'shop > cart > look', 'queue of 2'],
      [3, 'done', 'receipt', undefined],
    ],
  )
  t.match(tries[0]?.error, { name: 'Queue', code: 'workflow' })
  t.match(
    tries[2]?.steps?.map(({ path, failed }) => [path, failed]),
    ['shop', 'shop > cart', 'shop > cart > look', 'shop > cart > button', 'receipt'].map(path => [
      path,
      false,
    ]),
  )
  t.same(
    tries[0]?.steps?.map(({ path, failed }) => [path, failed]),
    ['shop', 'shop > cart', 'shop > cart > look'].map(path => [path, true]),
  )
  const [whole, cart, look] = tries[2]?.steps ?? []
  t.ok(whole && cart && look && whole.endedAt >= cart.endedAt && cart.endedAt >= look.endedAt)
  t.same(run.crashes(), [], 'a failed try is no crash')
  t.match(run.log(), /phase 2\/3 buy \(try 2\/3\) started/)
})

t.test('does not retry a failure that another try cannot fix', async t => {
  const cases = [
    ['hard', 1, { status: 'failed', error: { code: 'hard-fail', name: 'HardFailError' } }],
    ['deaf', 1, { status: 'timed-out', error: { code: 'phase-timeout' } }],
    ['element', 1, { status: 'failed', error: { code: 'element', name: 'ElementError' } }],
  ] as const
  const runs = cases.map(async ([how, tries, outcome]) => {
    const run = await start(how)
    await site.open(`/gate-${how}`)
    t.match(await run.exited, { code: 1 })
    t.match(run.outcome()?.outcome, outcome)
    const last = run.outcome()?.history.at(-1)
    t.equal(run.outcome()?.history.filter(({ name }) => name === last?.name).length, tries, how)
  })
  await Promise.all(runs)
})

t.test('a stop or a dead browser ends the phase despite remaining tries', async t => {
  const stopped = await start('waits')
  await site.open('/gate-waits')
  await stopped.atStep('shop > cart > look')
  stopped.tell({ type: 'stop', reason: 'cancelled' })
  t.same(await stopped.exited, { code: 0, signal: null })
  t.match(stopped.outcome()?.outcome, { status: 'cancelled', phase: { name: 'buy', try: { index: 1 } } })

  const robbed = await start('waits')
  await site.open('/gate-waits')
  const { browser } = await robbed.atStep('shop > cart > look')
  process.kill(browser?.pid ?? 0, 'SIGKILL')
  t.match(await robbed.exited, { code: 1 })
  t.match(robbed.outcome()?.outcome, { error: { code: 'browser-crash' } })
  t.equal(robbed.outcome()?.history.filter(({ name }) => name === 'buy').length, 1)
})
