import { existsSync } from 'node:fs'
import t from 'tap'
import { dayName } from '../../lib/core/process/paths.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { runForeground } from '../../lib/execution/run-foreground.ts'
import { fixtureWorkflow, gatedSite, testBrowser } from '../helpers/processes/worker-run.ts'

t.test('runs one workflow in the foreground, reports its phases, and leaves no state', async t => {
  const root = t.testdir()
  const seen = new Set<string>()
  const lines: string[] = []
  const { outcome } = await runForeground({
    root,
    file: fixtureWorkflow('shares-and-offers'),
    workflow: 'shares-and-offers',
    input: { list: [3, 1, 2] },
    launch: testBrowser(),
    onState: ({ phase }) => phase !== null && seen.add(formatPhase(phase)),
    onLog: ({ message }) => lines.push(message),
  })
  t.same(outcome, { status: 'succeeded', result: 1 })
  t.same([...seen], ['1/2 discover', '2/2 offer'])
  t.ok(lines.includes('1 accepted, target met'))
  t.notOk(existsSync(`${root}/data/state`))
  t.notOk(existsSync(`${root}/data/results`))
})

t.test('a failure in the foreground has its picture, and a stop counts as cancelled', async t => {
  const root = t.testdir()
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const run = { root, workflow: 'fixture', launch: testBrowser() }
  const failed = await runForeground({
    ...run,
    file: fixtureWorkflow('throws-in-its-second-phase'),
    input: { url: site.url },
  })
  t.match(failed.outcome, { status: 'failed', phase: { name: 'add_step' } })
  t.ok(existsSync(failed.screenshot ?? 'none'))
  t.notOk(existsSync(`${root}/data/crashes`))

  const stop = new AbortController()
  const stopped = await runForeground({
    ...run,
    file: fixtureWorkflow('watches-its-signal'),
    input: null,
    signal: stop.signal,
    onState: ({ phase }) => phase?.step === 'for the stop' && stop.abort(),
  })
  t.match(stopped.outcome, { status: 'cancelled', reason: 'cancelled', phase: { step: 'for the stop' } })
  t.equal(stopped.screenshot, null)
})

t.test('an uncaught error ends a run in the foreground as it ends a worker', async t => {
  // A file in the place of the folder of pictures prevents the folder, today and after midnight.
  const days = [0, 1].map(n => dayName(new Date(Date.now() + n * 86_400_000)))
  const root = t.testdir({ logs: Object.fromEntries(days.map(day => [day, { screenshots: 'in the way' }])) })
  const lines: string[] = []
  const run = {
    ...{ root, workflow: 'fixture', launch: testBrowser(), abortGraceMs: 1 },
    onLog: ({ message }: LogLine) => lines.push(message),
  }
  const listened = process.listenerCount('unhandledRejection')
  const rejected = await runForeground({
    ...run,
    file: fixtureWorkflow('leaves-stray-rejections'),
    input: { during: true },
  })
  t.match(rejected.outcome, {
    status: 'failed',
    phase: { name: 'stray' },
    error: { message: 'nobody awaits me' },
  })
  t.equal(rejected.screenshot, null)
  t.ok(lines.some(line => line.startsWith('the picture could not be kept: ')))

  const thrown = await runForeground({
    ...run,
    file: fixtureWorkflow('throws-outside-of-promises'),
    input: null,
  })
  t.match(thrown.outcome, {
    status: 'failed',
    phase: { step: 'for a callback' },
    error: { message: 'thrown by a callback' },
  })
  t.equal(process.listenerCount('unhandledRejection'), listened)
})
